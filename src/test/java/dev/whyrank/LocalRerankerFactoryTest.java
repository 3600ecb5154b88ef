package dev.whyrank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whyrank.cli.RerankerFactory.Opened;
import dev.whyrank.model.InvalidInputException;
import dev.whyrank.rerank.ErrorCode;
import dev.whyrank.rerank.ExplanationKind;
import dev.whyrank.rerank.RerankEvent;
import dev.whyrank.rerank.RerankException;
import dev.whyrank.rerank.RerankRequest;
import dev.whyrank.rerank.RerankRequest.Candidate;
import dev.whyrank.rerank.RerankRequest.Options;
import dev.whyrank.rerank.Reranker;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LocalRerankerFactoryTest {

    private final LocalRerankerFactory factory = new LocalRerankerFactory();

    private static RerankRequest request() {
        List<Candidate> documents = List.of(
                new Candidate("The Eiffel Tower is in Paris.", null),
                new Candidate("Boil eggs for eight minutes in salted water.", null));
        Options brief = new Options(true, Integer.MAX_VALUE, 8, Integer.MAX_VALUE, true, 0.7, null, null);
        return new RerankRequest("one", "How long do I cook eggs?", documents, brief);
    }

    private static RerankEvent.Completed rank(Reranker reranker) throws Exception {
        CompletableFuture<RerankEvent.Completed> end = new CompletableFuture<>();
        reranker.rerank(request(), event -> {
            if (event instanceof RerankEvent.Completed completed) {
                end.complete(completed);
            } else if (event instanceof RerankEvent.Failed failed) {
                end.completeExceptionally(new AssertionError(failed.message()));
            }
        });
        return end.get(60, TimeUnit.SECONDS);
    }

    @Test
    void opensTheEmbeddedModelWithoutAName() throws Exception {
        Reranker reranker;
        try (Opened opened = factory.open(null)) {
            reranker = opened.reranker();
            assertThat(reranker.explanationKind()).isEqualTo(ExplanationKind.EVIDENCE);
            assertThat(rank(reranker).ranking().get(0).index()).isEqualTo(1);
        }
        assertThatThrownBy(() -> reranker.rerank(request(), event -> {}))
                .isInstanceOfSatisfying(
                        RerankException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_READY));
    }

    @Test
    void opensAFolder() throws Exception {
        try (Opened opened = factory.open("src/test/resources/stories260k")) {
            assertThat(opened.reranker().explanationKind()).isEqualTo(ExplanationKind.REASONING);
            assertThat(rank(opened.reranker()).ranking()).hasSize(2);
        }
    }

    @Test
    void refusesWhatIsNoModelInOneLine() {
        assertThatThrownBy(() -> factory.open("no model"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("no model: is neither a folder nor a name");
    }
}
