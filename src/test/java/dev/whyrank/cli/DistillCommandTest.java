package dev.whyrank.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.whyrank.train.laboratory.LaboratoryModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An adapter that goes on learning, on a model that has learnt nothing. */
class DistillCommandTest {

    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private Path folder;

    private Path adapter = Path.of("");

    private record Outcome(int status, String out, String err) {}

    @BeforeEach
    void write() throws IOException {
        LaboratoryModel.write(folder.resolve("model"), 1);
        Files.writeString(folder.resolve("data.jsonl"), """
                {"question":{"title":"Does it rain?"},"documents":[\
                {"text":"It pours.","label":2,"explanation":"It does."}]}
                """);
        adapter = folder.resolve("adapter");
        distilled(
                "adapter", "--lora-r", "4", "--lora-alpha", "16", "--lora-targets", "v_proj,up_proj", "--epochs", "6");
    }

    private Outcome distill(String out, String... more) {
        List<String> args = new ArrayList<>(List.of("distill", "--threads", "1", "--max-length", "256"));
        args.addAll(List.of("--base", folder.resolve("model").toString()));
        args.addAll(List.of("--data", folder.resolve("data.jsonl").toString()));
        args.addAll(List.of("--out", folder.resolve(out).toString(), "--accumulation", "1"));
        args.addAll(List.of("--learning-rate", "0.02", "--lora-dropout", "0"));
        args.addAll(List.of(more));
        Commands commands = new Commands();
        int status = commands.run(Map.of(), args.toArray(String[]::new));
        return new Outcome(status, commands.out.toString(), commands.err.toString());
    }

    private void distilled(String out, String... more) {
        Outcome outcome = distill(out, more);
        assertThat(outcome.status()).as(outcome.err()).isZero();
    }

    private JsonNode config(String out) throws IOException {
        return JSON.readTree(Files.readString(folder.resolve(out).resolve("adapter_config.json")));
    }

    private List<Double> losses(String out) throws IOException {
        return Files.readAllLines(folder.resolve(out).resolve("training.jsonl")).stream()
                .map(line -> JSON.readTree(line).path("loss").asDouble())
                .toList();
    }

    @Test
    void goesOnInTheShapeOfTheAdapter() throws IOException {
        distilled("on", "--adapter", adapter.toString());
        assertThat(config("on").path("r").asInt()).isEqualTo(4);
        assertThat(config("on").path("lora_alpha").asDouble()).isEqualTo(16);
        assertThat(config("on").path("target_modules").toString()).isEqualTo("[\"up_proj\",\"v_proj\"]");
        double first = losses("on").get(0);
        assertThat(first).isLessThan(losses("adapter").get(5));

        // The same in other words: 8 / sqrt(4) is 16 / 4.
        Path json = adapter.resolve("adapter_config.json");
        Files.writeString(
                json,
                Files.readString(json).replaceFirst("\"lora_alpha\" : 16.0", "\"lora_alpha\":8,\"use_rslora\":true"));
        distilled("stabilised", "--adapter", adapter.toString());
        assertThat(losses("stabilised").get(0)).isCloseTo(first, within(1e-6));
        assertThat(config("stabilised").path("lora_alpha").asDouble()).isEqualTo(16);
    }

    @Test
    void optionsThatContradictTheAdapterAreOneLine() {
        assertOneLine(
                distill("x", "--adapter", adapter.toString(), "--lora-alpha", "32"), "--lora-alpha is 32.0", "16.0");
        assertOneLine(distill("x", "--adapter", adapter.toString(), "--lora-r", "64"), "--lora-r is 64", "has 4");
        assertOneLine(
                distill("x", "--adapter", adapter.toString(), "--lora-targets", "v_proj"),
                "--lora-targets is [v_proj]",
                "[up_proj, v_proj]");
        assertOneLine(distill("x", "--adapter", folder.toString()), "adapter_config.json");
        distilled("same", "--adapter", adapter.toString(), "--lora-r", "4", "--lora-targets", "up_proj,v_proj");
    }

    private static void assertOneLine(Outcome outcome, String... parts) {
        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.err().strip().lines()).as(outcome.err()).hasSize(1);
        assertThat(outcome.err()).contains(parts);
    }
}
