package dev.whyrank.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.model.InvalidInputException;
import dev.whyrank.rerank.ErrorCode;
import dev.whyrank.rerank.ExplanationKind;
import dev.whyrank.rerank.Judgement;
import dev.whyrank.rerank.Judgement.Ending;
import dev.whyrank.rerank.Judgement.LabelSource;
import dev.whyrank.rerank.RerankEvent;
import dev.whyrank.rerank.RerankEvent.Ranked;
import dev.whyrank.rerank.RerankException;
import dev.whyrank.rerank.RerankRequest;
import dev.whyrank.rerank.Reranker;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RerankCommandTest {

    private final Commands commands = new Commands();
    private final StringWriter out = commands.out;
    private final StringWriter err = commands.err;
    private final List<RerankRequest> requests = new ArrayList<>();
    private final List<@Nullable String> models = new ArrayList<>();
    private boolean closed;
    private String input = "";

    @TempDir
    private Path folder;

    /** Ranks documents in reverse and finds the second one broken. */
    private final Reranker reversing = new Reranker() {
        @Override
        public String model() {
            return "backwards";
        }

        @Override
        public ExplanationKind explanationKind() {
            return ExplanationKind.EVIDENCE;
        }

        @Override
        public Handle rerank(RerankRequest request, Consumer<RerankEvent> listener) {
            requests.add(request);
            if (request.query().equals("too much")) {
                throw new RerankException(ErrorCode.TOO_LARGE, "send less");
            }
            listener.accept(new RerankEvent.Started(0));
            if (request.query().equals("broken")) {
                listener.accept(new RerankEvent.Failed(ErrorCode.ENGINE_FAILURE, "the engine broke"));
                return () -> {};
            }
            List<Ranked> ranking = new ArrayList<>();
            for (int i = 0; i < request.candidates().size(); i++) {
                ranking.add(judge(i, listener));
            }
            Collections.reverse(ranking);
            var timings = new RerankEvent.Timings(Duration.ZERO, Duration.ZERO, Duration.ZERO);
            listener.accept(new RerankEvent.Completed(ranking, timings, List.of("mind the gap")));
            return () -> {};
        }
    };

    private static Ranked judge(int index, Consumer<RerankEvent> listener) {
        if (index == 1) {
            var failed = new RerankEvent.DocumentFailed(1, ErrorCode.DEADLINE_EXCEEDED, "too late");
            listener.accept(failed);
            return new Ranked(1, null, 0, failed);
        }
        Judgement judgement = new Judgement(
                "Because\nof \u001b[31mred",
                2,
                List.of(0, 1, 2),
                List.of(0.0, 0.25, 0.75),
                0.875,
                LabelSource.STATED,
                Ending.STOP,
                false,
                new Judgement.Usage(10, 4, 5));
        listener.accept(new RerankEvent.DocumentCompleted(index, judgement, 0.5, 1));
        return new Ranked(index, judgement, 0.5 + index / 8.0, null);
    }

    private int run(String... args) {
        RerankerFactory factory = model -> {
            models.add(model);
            return new RerankerFactory.Opened() {
                @Override
                public Reranker reranker() {
                    return reversing;
                }

                @Override
                public String identity() {
                    return "fake";
                }

                @Override
                public void close() {
                    closed = true;
                }
            };
        };
        return commands.run(Map.of(), factory, input, args);
    }

    private void refused(String part, String... args) {
        err.getBuffer().setLength(0);
        assertThat(run(args)).isEqualTo(2);
        assertThat(err.toString().lines()).singleElement().asString().contains(part);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void printsExplanationsAsTheyComeAndTheRankingLast() {
        input = "first\nsecond\n{\"id\": \"c\", \"title\": \"Third\", \"text\": \"one\"}\n";
        assertThat(run("rerank", "--query", "why?", "-")).as(err.toString()).isZero();
        assertThat(out.toString().lines())
                .containsExactly(
                        "[1]  label 2 of 2",
                        "    Because",
                        "    of  [31mred",
                        "[2]  not judged: too late",
                        "[c]  label 2 of 2",
                        "    Because",
                        "    of  [31mred",
                        "",
                        "  1. 0.7500  2  [c]  Third",
                        "  2. failed     [2]  second",
                        "  3. 0.5000  2  [1]  first",
                        "Warning: mind the gap");
        assertThat(requests.get(0).candidates())
                .extracting(RerankRequest.Candidate::text)
                .containsExactly("first", "second", "Third\none");
        assertThat(models).containsExactly((String) null);
        assertThat(closed).isTrue();
    }

    /** A character of two chars counts once, and is never cut in half. */
    @Test
    void cutsLongTextsByTheirCharacters() {
        input = "🍺".repeat(70) + "\n\n" + "🍺".repeat(71) + "\n";
        assertThat(run("rerank", "--query", "why?", "-")).as(err.toString()).isZero();
        assertThat(out.toString().lines())
                .contains("  1. failed     [2]  " + "🍺".repeat(69) + "…", "  2. 0.5000  2  [1]  " + "🍺".repeat(70));
    }

    @Test
    void printsOneJsonDocumentForMachines() throws Exception {
        Path file = Files.writeString(folder.resolve("a.jsonl"), "{\"text\": \"x\", \"id\": 7}\n\ny\n");
        input = "z";
        assertThat(run("rerank", "--query", "why?", "--model", "m", "--top", "2", "--json", file.toString(), "-"))
                .as(err.toString())
                .isZero();
        assertThat(out.toString().lines()).hasSize(1);
        JsonNode root = new JsonMapper().readTree(out.toString());
        assertThat(root.path("model").asString()).isEqualTo("backwards");
        assertThat(root.path("results")).hasSize(2);
        JsonNode best = root.path("results").get(0);
        assertThat(best.path("index").asInt()).isEqualTo(2);
        assertThat(best.path("relevance_score").asDouble()).isEqualTo(0.75);
        assertThat(best.path("label_probabilities")).hasSize(3);
        assertThat(best.path("explanation").asString()).isEqualTo("Because\nof \u001b[31mred");
        assertThat(best.path("explanation_kind").asString()).isEqualTo("evidence");
        assertThat(best.path("usage").path("total_tokens").asInt()).isEqualTo(15);
        assertThat(root.path("results").get(1).path("error").path("code").asString())
                .isEqualTo("deadline_exceeded");
        assertThat(root.path("meta").path("warnings").get(0).asString()).isEqualTo("mind the gap");
        assertThat(models).containsExactly("m");
    }

    @Test
    void refusesWhatCannotBeRanked() throws Exception {
        Path latin = Files.write(folder.resolve("latin.txt"), new byte[] {'a', (byte) 0xe9, '\n'});
        refused("--query", "rerank", "-");
        refused("--query is empty", "rerank", "--query", " ", "-");
        refused("--top is 0", "rerank", "--query", "q", "--top", "0", "-");
        refused("-: no document", "rerank", "--query", "q", "-");
        refused(
                "missing.txt: cannot be read",
                "rerank",
                "--query",
                "q",
                folder.resolve("missing.txt").toString());
        refused("latin.txt: is not UTF-8", "rerank", "--query", "q", latin.toString());
        input = "fine\n{\"text\": 1}";
        refused("-:2: \"text\" is not a string", "rerank", "--query", "q", "-");
        input = "{\"txt\": \"a\"}";
        refused("-:1: has no \"text\"", "rerank", "--query", "q", "-");
        input = "{a";
        refused("-:1: begins like a JSON object", "rerank", "--query", "q", "-");
        assertThat(models).as("nothing is loaded for what cannot be read").isEmpty();
        input = "a";
        refused("not ranked: send less", "rerank", "--query", "too much", "-");
    }

    @Test
    void tellsAnEngineThatBrokeFromAWrongQuestion() {
        input = "a";
        assertThat(run("rerank", "--query", "broken", "-")).isEqualTo(1);
        assertThat(err.toString())
                .contains("the engine broke")
                .doesNotContain(InvalidInputException.class.getSimpleName());
        assertThat(closed).isTrue();
    }
}
