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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

class LocalRerankerFactoryTest {

    private final LocalRerankerFactory factory = new LocalRerankerFactory();

    @TempDir
    private Path folder;

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
            assertThat(opened.identity()).matches("[0-9a-f]{64}");
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

    /** What was loaded is all in memory: a deploy that writes over the folder harms nobody before the restart. */
    @Test
    void goesOnWhenTheFilesOfItsModelChange() throws Exception {
        Path model = folder.resolve("model");
        FileSystemUtils.copyRecursively(Path.of("src/test/resources/stories260k"), model);
        try (Opened opened = factory.open(model.toString())) {
            RerankEvent.Completed before = rank(opened.reranker());
            Files.write(model.resolve("model.safetensors"), new byte[10]);
            Files.writeString(model.resolve("tokenizer.json"), "{}");
            Files.delete(model.resolve("config.json"));
            assertThat(rank(opened.reranker()).ranking()).isEqualTo(before.ranking());
        }
        assertThatThrownBy(() -> factory.open(model.toString())).isInstanceOf(InvalidInputException.class);
    }

    @Test
    void refusesWhatIsNoModelInOneLine() {
        assertThatThrownBy(() -> factory.open("no model"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("no model: is neither a folder nor a name");
    }
}
