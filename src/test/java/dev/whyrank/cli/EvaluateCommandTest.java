package dev.whyrank.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.model.InvalidInputException;
import dev.whyrank.rerank.ErrorCode;
import dev.whyrank.rerank.ExplanationKind;
import dev.whyrank.rerank.RerankEvent;
import dev.whyrank.rerank.RerankRequest;
import dev.whyrank.rerank.Reranker;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class EvaluateCommandTest {

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private final AtomicReference<@Nullable String> opened = new AtomicReference<>();

    @BeforeEach
    void write() throws IOException {
        Files.writeString(folder.resolve("records.jsonl"), """
                {"site":"beer","question":{"id":"1","title":"foam","body":"why"},"documents":[\
                {"id":"7","text":"foam of beer","label":2},{"id":"8","text":"coffee","label":0}]}
                """);
    }

    @Test
    void measuresTheFirstStageWithoutAModel() {
        assertThat(evaluate(
                        "--mode", "first-stage", folder.resolve("records.jsonl").toString()))
                .isZero();
        assertThat(out.toString()).contains("## records", "nDCG@10", "| first stage | 1.0000");
        assertThat(opened).hasNullValue();
    }

    @Test
    void opensTheNamedModelAndPassesItsRefusalOn() {
        assertThat(evaluate("--model", "some/model", folder.toString())).isNotZero();
        assertThat(opened).hasValue("some/model");
        assertThat(failure.get()).hasMessage("no such model");
    }

    @Test
    void contradictingOptionsAreTheUsersMistake() {
        assertThat(evaluate("--model", "m", "--url", "http://x", folder.toString()))
                .isNotZero();
        assertThat(failure.get()).isInstanceOf(InvalidInputException.class).hasMessageContaining("--model and --url");
        assertThat(evaluate("--alpha", "2", folder.toString())).isNotZero();
        assertThat(failure.get()).hasMessageContaining("alpha is 2.0");
        assertThat(evaluate("--first-stage", "magic", folder.toString())).isNotZero();
        assertThat(failure.get()).hasMessageContaining("'magic'");
        assertThat(evaluate("--mode", "loud", folder.toString())).isNotZero();
        assertThat(failure.get()).hasMessageContaining("'loud'");
        assertThat(opened).hasNullValue();
    }

    @Test
    void optionsThatTheCollectionOrFirstStageCannotFollowAreTheUsersMistake() throws IOException {
        String records = folder.resolve("records.jsonl").toString();
        Files.createDirectories(folder.resolve("bright/examples"));
        String bright = folder.resolve("bright").toString();
        Files.createDirectories(folder.resolve("beir/qrels"));
        String beir = folder.resolve("beir").toString();
        refused("--qrels is for BEIR folders", "--qrels", "mine.tsv", records);
        refused("--qrels is for BEIR folders", "--qrels", "mine.tsv", folder.toString());
        refused("--qrels is for BEIR folders", "--qrels", "mine.tsv", bright);
        refused("--reasoning is for BRIGHT folders", "--reasoning", "gpt4", beir);
        refused("--reasoning is for BRIGHT folders", "--reasoning", "gpt4", records);
        refused("--long-documents is for BRIGHT folders", "--long-documents", beir);
        refused("--long-documents is for BRIGHT folders", "--long-documents", folder.toString());
        refused("--query-weights is BM25's", "--query-weights", "--first-stage", "given", records);
        refused("--query-weights is BM25's", "--query-weights", "--first-stage", "run:mine.trec", records);
    }

    private void refused(String part, String... args) {
        String[] all = Stream.concat(Stream.of("--mode", "first-stage"), Stream.of(args))
                .toArray(String[]::new);
        assertThat(evaluate(all)).as(part).isEqualTo(2);
        assertThat(failure.get()).isInstanceOf(InvalidInputException.class).hasMessageContaining(part);
    }

    /** What a shutdown does to the thread while it waits for the reranker. */
    @Test
    void interruptedItClosesTheModelAndSaysHowToGoOn() {
        AtomicBoolean closed = new AtomicBoolean();
        String records = folder.resolve("records.jsonl").toString();
        assertThat(evaluate(
                        model -> opened(new NeverDone(), closed),
                        records,
                        "--out",
                        folder.resolve("out").toString()))
                .isEqualTo(130);
        assertThat(closed).isTrue();
        assertThat(err.toString()).contains("interrupted; start it again to go on");
        assertThat(folder.resolve("out/journal.jsonl")).exists();
    }

    /** What would otherwise stand as the reranker's numbers are the first stage's. */
    @Test
    void aRunInWhichNothingIsJudgedEndsWithAnErrorThatSaysWhy() {
        String records = folder.resolve("records.jsonl").toString();
        assertThat(evaluate(model -> opened(new Failing(), new AtomicBoolean()), records))
                .isEqualTo(1);
        assertThat(out.toString()).contains("explain: 1 of 1 queries failed", "First failure: ENGINE_FAILURE: gone");
        assertThat(err.toString().lines().filter(line -> line.startsWith("records, ")))
                .hasSize(2)
                .allMatch(line -> line.endsWith("first failure: ENGINE_FAILURE: gone"));
    }

    private static RerankerFactory.Opened opened(Reranker reranker, AtomicBoolean closed) {
        return new RerankerFactory.Opened() {
            @Override
            public Reranker reranker() {
                return reranker;
            }

            @Override
            public String identity() {
                return "fake";
            }

            @Override
            public void close() {
                closed.set(true);
            }
        };
    }

    private static final class Failing implements Reranker {

        @Override
        public String model() {
            return "failing";
        }

        @Override
        public ExplanationKind explanationKind() {
            return ExplanationKind.REASONING;
        }

        @Override
        public Handle rerank(RerankRequest request, Consumer<RerankEvent> listener) {
            listener.accept(new RerankEvent.Failed(ErrorCode.ENGINE_FAILURE, "gone"));
            return () -> {};
        }
    }

    private static final class NeverDone implements Reranker {

        @Override
        public String model() {
            return "busy";
        }

        @Override
        public ExplanationKind explanationKind() {
            return ExplanationKind.REASONING;
        }

        @Override
        public Handle rerank(RerankRequest request, Consumer<RerankEvent> listener) {
            Thread.currentThread().interrupt();
            return () -> {};
        }
    }

    private int evaluate(String... args) {
        return evaluate(
                model -> {
                    opened.set(model);
                    throw new InvalidInputException("no such model");
                },
                args);
    }

    private int evaluate(RerankerFactory factory, String... args) {
        return new CommandLine(new EvaluateCommand(factory))
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err, true))
                .setExecutionExceptionHandler((e, command, parsed) -> {
                    failure.set(e);
                    return 2;
                })
                .execute(args);
    }
}
