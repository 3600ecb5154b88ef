package dev.whyrank.rerank;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** An instruction means nothing to a model that compares texts, and the caller is told. */
class EvidenceInstructionTest {

    private static final String TOLD = "instruction was not read";

    private static List<String> warnings(@Nullable String instruction, int explainTopN) {
        EvidenceJudge judge = new EvidenceJudge(
                texts -> CompletableFuture.completedFuture(
                        texts.stream().map(text -> new float[] {1, 0}).toList()),
                new ByteCodec(),
                new EvidenceJudge.Frame(new int[] {ByteCodec.USER}, new int[] {ByteCodec.END}, 42),
                new OrdinalScale(16, 0, 4.8, 8, 0.25, 0.75),
                TextAnalysis.ENGLISH);
        RerankRequest.Options options =
                new RerankRequest.Options(true, explainTopN, 100, 1000, true, 0.7, null, instruction);
        Recording heard = new Recording();
        try (LocalReranker reranker = new LocalReranker(
                "evidence", judge, new LocalReranker.Settings(100_000, 100_000, 1), RerankObserver.NONE)) {
            reranker.rerank(Laboratory.request(options, "one", "two", "three"), heard);
            return heard.completed().warnings();
        }
    }

    @Test
    void tellsOnceThatAnInstructionWasNotRead() {
        assertThat(warnings("Only recipes count.", 10))
                .hasSize(1)
                .first()
                .asString()
                .contains(TOLD);
        assertThat(warnings("Only recipes count.", 1))
                .hasSize(1)
                .first()
                .asString()
                .contains(TOLD);
    }

    @Test
    void isSilentWithoutOne() {
        assertThat(warnings(null, 10)).isEmpty();
    }
}
