package dev.whyrank.train.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whyrank.model.InvalidInputException;
import dev.whyrank.rerank.remote.ChatEndpoint;
import dev.whyrank.rerank.remote.ChatPolicy;
import dev.whyrank.rerank.remote.FakeChat;
import dev.whyrank.train.paid.AskingListener;
import dev.whyrank.train.refinement.Answer;
import dev.whyrank.train.refinement.Answered;
import dev.whyrank.train.refinement.Pair;
import dev.whyrank.train.refinement.QueryList;
import dev.whyrank.train.refinement.Topic;
import dev.whyrank.train.tuning.TrainingRecord.Judged;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A judge over real HTTP. */
class JudgeScorerTest {

    private static final Pair PAIR = new Pair(0, "Does it rain?", new Judged("It pours.", 2, "teacher"));
    private static final Topic TOPIC = new Topic(1, "Does it rain?", List.of("rain"));

    @TempDir
    private Path folder;

    private final FakeChat fake = new FakeChat(JudgeScorerTest::judge);
    private final List<JudgeReport> reports = new ArrayList<>();

    @AfterEach
    void close() {
        fake.close();
    }

    /** Likes the teacher best. */
    private static void judge(JsonNode request, FakeChat.Answer answer) throws IOException {
        answer.words("Fine. ", "Score: ", grades(request, "teacher") ? "9" : "4")
                .end("stop");
    }

    /** Whether the answer that is graded begins so. */
    private static boolean grades(JsonNode request, String answer) {
        return request.at("/messages/0/content").asString("").contains("<answer>\n" + answer);
    }

    private JudgeScorer scorer(int atOnce) {
        Duration brief = Duration.ofMillis(10);
        Duration patient = Duration.ofSeconds(20);
        return new JudgeScorer(
                ChatEndpoint.of(fake.url(), "strict", "key"),
                new ChatPolicy(2, brief, patient, patient, patient, patient, atOnce, 0),
                folder.resolve("rewards.answers.jsonl"),
                AskingListener.NONE,
                reports::add);
    }

    private static Answer answer(String words) {
        return new Answer(words, 1, true, true);
    }

    private static Answered pair(String... answers) {
        return new Answered(
                PAIR, Arrays.stream(answers).map(JudgeScorerTest::answer).toList());
    }

    private double[] rewards(String... answers) {
        return scorer(4).rewards(List.of(pair(answers))).get(0);
    }

    private JudgeReport report() {
        return reports.get(reports.size() - 1);
    }

    @Test
    void scoresSamplesAndTeacherAndPaysForEqualAnswersOnce() {
        Answered queries = new Answered(TOPIC, List.of(new QueryList(List.of("snow"), true)));
        List<double[]> rewards = scorer(4).rewards(List.of(pair("a", "b", "a"), queries));

        assertThat(rewards.get(0)).containsExactly(4, 4, 4, 9);
        assertThat(rewards.get(1)).containsExactly(4, 4);
        assertThat(fake.asked())
                .hasSize(5)
                .allMatch(asked -> asked.authorization().equals("Bearer key"));
        assertThat(fake.asked().get(0).body().path("model").asString()).isEqualTo("strict");
        assertThat(report().answers()).isEqualTo(5);
        assertThat(report().spent().prompt()).isEqualTo(500);
    }

    @Test
    void aRunThatGoesOnPaysForNothingTwice() throws IOException {
        fake.script((request, answer) -> {
            if (grades(request, "b")) {
                answer.status(500, "oops");
            } else {
                judge(request, answer);
            }
        });
        assertThatThrownBy(() -> scorer(1).rewards(List.of(pair("a", "b"))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("1 of 3 scores are missing")
                .hasMessageContaining("answered with status 500")
                .hasMessageContaining("start again");
        // As a kill leaves it: the last answer half written.
        Path journal = folder.resolve("rewards.answers.jsonl");
        String lines = Files.readString(journal);
        Files.writeString(journal, lines.substring(0, lines.length() - 9));

        fake.script(JudgeScorerTest::judge);
        assertThat(rewards("a", "b")).containsExactly(4, 4, 9);
        assertThat(fake.asked()).hasSize(2);
        assertThat(report().asked()).isEqualTo(2);
        assertThat(report().total().prompt()).isEqualTo(300);

        fake.script((request, answer) -> answer.status(500, "nobody asks"));
        assertThat(rewards("a", "b")).containsExactly(4, 4, 9);
        assertThat(fake.asked()).isEmpty();
    }

    @Test
    void survivesEverythingThatRealEndpointsDo() {
        Set<String> seen = ConcurrentHashMap.newKeySet();
        fake.script((request, answer) -> {
            if (!seen.add(FakeChat.lastWords(request))) {
                judge(request, answer);
            } else if (grades(request, "a")) {
                answer.status(429, "{}", "Retry-After", "1");
            } else if (grades(request, "b")) {
                answer.status(500, "oops");
            } else if (grades(request, "c")) {
                answer.words("Sco").cut();
            } else if (grades(request, "d")) {
                answer.raw("data: {\"choices\":[]}").raw("data: [DONE]");
            } else {
                answer.raw("data: not json");
            }
        });

        assertThat(rewards("a", "b", "c", "d")).containsExactly(4, 4, 4, 4, 9);
        assertThat(report().retries()).isEqualTo(5);
        assertThat(report().leftOut()).isEmpty();
    }

    @Test
    void asksAgainForAScoreThatCannotBeReadAndPaysForThatOnceToo() {
        fake.script((request, answer) -> {
            if (grades(request, "a") && request.path("messages").size() < 5) {
                answer.words("Quite good.").end("stop");
            } else {
                judge(request, answer);
            }
        });

        assertThat(rewards("a")).containsExactly(4, 9);
        assertThat(fake.asked()).hasSize(4);
        JsonNode last = fake.asked().get(3).body().path("messages");
        assertThat(last.at("/1/content").asString()).isEqualTo("Quite good.");
        assertThat(last.at("/4/content").asString()).contains("'Score: <number from 0 to 10>'");
        assertThat(rewards("a")).containsExactly(4, 9);
        assertThat(fake.asked()).hasSize(4);
    }

    @Test
    void anAnswerWithoutAScoreIsLeftOutWithItsReason() {
        fake.script((request, answer) -> {
            if (grades(request, "a")) {
                answer.words("Quite good.").end("stop");
            } else if (grades(request, "b")) {
                answer.words("no").end("content_filter");
            } else if (grades(request, "c")) {
                answer.words("On and on").end("length");
            } else if (grades(request, "d")) {
                answer.words("I'm sorry, I can't do that.").end("stop");
            } else {
                judge(request, answer);
            }
        });

        double none = Double.NaN;
        assertThat(rewards("a", "b", "c", "d", "e")).containsExactly(none, none, none, none, 4, 9);
        assertThat(report().leftOut()).isEqualTo(Map.of("unparsable", 1, "refused", 2, "cut", 1));
        // Three tries for all but the refusal that the endpoint itself declares.
        assertThat(fake.asked()).hasSize(3 * JudgeScorer.TRIES + 1 + 2);
    }

    @Test
    void aWrongKeyEndsTheRunAtOnce() {
        fake.script((request, answer) -> answer.status(401, "{}"));
        assertThatThrownBy(() -> scorer(1).rewards(List.of(pair("a", "b", "c"))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("4 of 4 scores are missing")
                .hasMessageContaining("status 401");
        assertThat(fake.asked()).hasSize(1);
    }

    @Test
    void askedToStopItAsksNoMore() {
        AskingListener stopping = new AskingListener() {
            @Override
            public boolean stopRequested() {
                return true;
            }
        };
        JudgeScorer all = scorer(1);
        JudgeScorer stopped = new JudgeScorer(all.endpoint(), all.policy(), all.journal(), stopping, reports::add);
        assertThatThrownBy(() -> stopped.rewards(List.of(pair("a"))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("2 of 2 scores are missing; what it did answer is kept: start again to go on");
        assertThat(fake.asked()).isEmpty();
    }
}
