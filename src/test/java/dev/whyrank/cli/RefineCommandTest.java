package dev.whyrank.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.checkpoint.TinyCheckpoint;
import dev.whyrank.model.DecoderConfig.Family;
import dev.whyrank.rerank.remote.FakeChat;
import dev.whyrank.train.laboratory.LaboratoryModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who rewards, and what for, on a model that has learnt nothing. */
class RefineCommandTest {

    private static final String KEY = "sk-hidden-key";

    @TempDir
    private Path folder;

    private final FakeChat fake = new FakeChat((request, answer) -> {
        boolean teacher = FakeChat.lastWords(request).matches("(?s).*<answer>\n(It does|1\\. rain).*");
        answer.words("Score: " + (teacher ? 9 : 2)).end("stop");
    });

    private record Outcome(int status, String out, String err) {}

    @BeforeEach
    void write() throws IOException {
        LaboratoryModel.write(folder.resolve("model"), 1);
        Files.writeString(folder.resolve("data.jsonl"), """
                {"question":{"title":"Does it rain?"},"generated_queries":["rain today"],"documents":[\
                {"text":"It pours.","label":2,"explanation":"It does."}]}
                """);
    }

    @AfterEach
    void close() {
        fake.close();
    }

    private Outcome refine(String... more) {
        List<String> args = new ArrayList<>(List.of("refine", "--threads", "1", "--samples", "2"));
        args.addAll(List.of("--model", folder.resolve("model").toString()));
        args.addAll(List.of("--data", folder.resolve("data.jsonl").toString()));
        args.addAll(List.of("--out", folder.resolve("out").toString()));
        args.addAll(List.of("--max-new-tokens", "12", "--max-length", "1024", "--slots", "3"));
        args.addAll(List.of(more));
        Commands commands = new Commands();
        int status = commands.run(Map.of("JUDGE_KEY", KEY), args.toArray(String[]::new));
        return new Outcome(status, commands.out.toString(), commands.err.toString());
    }

    private Outcome judged(String... more) {
        List<String> args = new ArrayList<>(List.of("--reward-url", fake.url(), "--reward-model", "strict"));
        args.addAll(List.of("--api-key-variable", "JUDGE_KEY", "--tasks", "explain,queries"));
        args.addAll(List.of(more));
        return refine(args.toArray(String[]::new));
    }

    @Test
    void aJudgeRewardsBothTasksAndIsPaidOnce() throws IOException {
        Outcome outcome = judged();
        assertThat(outcome.status()).as(outcome.err()).isZero();
        // Four samples and two answers of the teacher; equal samples are scored once.
        int calls = fake.asked().size();
        assertThat(calls).isBetween(4, 6);
        assertThat(outcome.out())
                .contains("judge: " + calls + " answers to score: " + calls + " calls now, 0 left out {}; 0 retries")
                .contains("round 1: 4 answers to 2 pairs and questions, mean reward 2.000, labels as the teacher's")
                .contains("; 2 answers to learn\n");
        assertThat(fake.asked())
                .hasSize(calls)
                .allMatch(asked -> asked.authorization().equals("Bearer " + KEY));
        assertThat(Files.readAllLines(folder.resolve("out/round-1/preferences.jsonl")))
                .hasSize(2)
                .anyMatch(line -> line.contains("\"chosen\":\"1. rain today ##\""))
                .anyMatch(line -> line.contains("\"chosen\":\"It does.\\n\\nRelevance Label: 2 ##\""));
        assertThat(folder.resolve("out/round-1/adapter_model.safetensors")).isNotEmptyFile();

        // As a kill in the midst of learning leaves it.
        Path result = folder.resolve("out/round-1/adapter_model.safetensors");
        byte[] learnt = Files.readAllBytes(result);
        Files.delete(result);
        Files.delete(folder.resolve("out/round-1/round.json"));
        Outcome again = judged();
        assertThat(again.status()).as(again.err()).isZero();
        assertThat(again.out())
                .contains("round 1: 4 answers", "; 2 answers to learn")
                .doesNotContain("judge:");
        assertThat(fake.asked()).hasSize(calls);
        assertThat(Files.readAllBytes(result)).isEqualTo(learnt);
        assertThat(outcome.out() + again.out() + outcome.err()).doesNotContain(KEY);
    }

    /** The samples are what is learnt, so others than those of the first start would make another run of it. */
    @Test
    void anInterruptedRoundGoesOnWithTheAnswersThatItHas() throws IOException {
        fake.script((request, answer) -> answer.status(401, "{}"));
        assertThat(judged().status()).isEqualTo(2);
        Path answers = folder.resolve("out/round-1/answers.jsonl");
        String kept = Files.readString(answers)
                .replaceAll("\"explanation\":\"[^\"]*\"", "\"explanation\":\"It was kept.\"")
                .replace("\"finished\":false,\"stated\":false", "\"finished\":true,\"stated\":true");
        Files.writeString(answers, kept);
        fake.script((request, answer) -> answer.words(
                        "Score: " + (FakeChat.lastWords(request).contains("<answer>\nIt was kept.") ? 9 : 2))
                .end("stop"));
        Outcome outcome = judged();
        assertThat(outcome.status()).as(outcome.err()).isZero();
        assertThat(Files.readString(answers)).isEqualTo(kept);
        assertThat(Files.readString(folder.resolve("out/round-1/preferences.jsonl")))
                .contains("\"chosen\":\"It was kept.");
    }

    @Test
    void aFinishedRoundIsNotDoneAgain() throws IOException {
        assertThat(refine().status()).isZero();
        Path first = folder.resolve("out/round-1/adapter_model.safetensors");
        FileTime written = Files.getLastModifiedTime(first);
        Outcome further = refine("--rounds", "2");
        assertThat(further.status()).as(further.err()).isZero();
        assertThat(further.out()).contains("round 1: was finished before", "round 2: 2 answers to 1 pairs");
        assertThat(Files.getLastModifiedTime(first)).isEqualTo(written);
        assertThat(folder.resolve("out/round-2/adapter_model.safetensors")).isNotEmptyFile();

        assertOneLine(refine("--learning-rate", "0.1"), "round-1/round.json", "learning was", "another --out");
        assertOneLine(refine("--temperature", "0.5"), "round-1/round.json", "temperature was 1.0");
        assertOneLine(refine("--min-reward", "0.5"), "round-1/round.json", "weighing was");
    }

    @Test
    void aRewardModelRewards() {
        Path reward = folder.resolve("reward");
        TinyCheckpoint.writeReward(reward, Family.LLAMA, 1, 3);
        Outcome outcome = refine("--reward-checkpoint", reward.toString());
        assertThat(outcome.status()).as(outcome.err()).isZero();
        assertThat(outcome.out()).contains("round 1: 2 answers to 1 pairs, mean reward ", "written to");
    }

    @Test
    void queriesNeedNoOtherModel() {
        Outcome outcome = refine("--tasks", "queries");
        assertThat(outcome.status()).as(outcome.err()).isZero();
        assertThat(outcome.out())
                .contains("2 answers to 1 pairs and questions, mean reward 0.", "; 1 answers to learn");
        assertThat(fake.asked()).isEmpty();
    }

    @Test
    void mistakesAreOneLine() throws IOException {
        assertOneLine(refine("--reward-url", "http://localhost/v1"), "--reward-url and --reward-model go together");
        assertOneLine(judged("--reward-checkpoint", "d"), "either --reward-url or --reward-checkpoint");
        assertOneLine(judged("--reward-concurrency", "0"), "--reward-concurrency");
        assertOneLine(refine("--evaluate-every", "5"), "Unknown option", "--evaluate-every");
        assertOneLine(refine("--tasks", "sing"), "--tasks", "sing");
        assertOneLine(refine("--reward-checkpoint", folder.resolve("model").toString()), "config.json", "reward model");
        Path data = folder.resolve("data.jsonl");
        Files.writeString(data, Files.readString(data).replace("\"rain today\"", ""));
        assertOneLine(refine("--tasks", "queries"), "data.jsonl holds nothing that a teacher wrote");
        fake.script((request, answer) -> answer.status(401, "{\"error\":{\"message\":\"bad key " + KEY + "\"}}"));
        Outcome refused = judged("--reward-concurrency", "1");
        assertOneLine(refused, "3 of 3 scores are missing", "status 401");
        assertThat(refused.err()).doesNotContain(KEY);
    }

    @Test
    void allOptionsAreLookedAtBeforeAnythingIsSampled() throws IOException {
        assertOneLine(refine("--batch", "0"), "--batch is 0");
        assertOneLine(refine("--slots", "0"), "--slots");
        assertOneLine(refine("--lora-targets", "head"), "--lora-targets");
        assertOneLine(refine("--dtype", "int8"), "int8 cannot be trained in");
        String folders = folder.toString();
        assertOneLine(refine("--full", "--adapter", folders), "leave out --full");
        assertOneLine(refine("--adapter", folders), "adapter_config.json");
        assertOneLine(refine("--reward-checkpoint", folders), "config.json");
        assertOneLine(refine("--reward-url", "nowhere", "--reward-model", "m"), "is no address of an endpoint");
        assertThat(folder.resolve("out")).doesNotExist();
    }

    private static void assertOneLine(Outcome outcome, String... parts) {
        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.err().strip().lines()).as(outcome.err()).hasSize(1);
        assertThat(outcome.err()).contains(parts);
    }
}
