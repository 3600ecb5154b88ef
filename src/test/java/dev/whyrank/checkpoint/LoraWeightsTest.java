package dev.whyrank.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.whyrank.model.DecoderConfig;
import dev.whyrank.model.DecoderConfig.Family;
import dev.whyrank.model.InvalidInputException;
import dev.whyrank.model.Weights;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoraWeightsTest {

    private static final String MODULE = "base_model.model.model.layers.1.mlp.gate_proj";
    private static final String TARGET = "model.layers.1.mlp.gate_proj.weight";
    private static final long SEED = 3;

    @TempDir
    private Path base;

    @TempDir
    private Path adapter;

    private final float[] a = new float[2 * 8];
    private final float[] b = new float[12 * 2];

    @BeforeEach
    void write() throws Exception {
        TinyCheckpoint.write(base, Family.LLAMA, true, SEED);
        Random random = new Random(SEED);
        for (int i = 0; i < a.length; i++) {
            a[i] = random.nextFloat() - 0.5f;
        }
        for (int i = 0; i < b.length; i++) {
            b[i] = random.nextFloat() - 0.5f;
        }
        pair().write(adapter.resolve("adapter_model.safetensors"));
        config("");
    }

    private SafetensorsWriter pair() {
        return new SafetensorsWriter()
                .f32(MODULE + ".lora_A.weight", new long[] {2, 8}, a)
                .f32(MODULE + ".lora_B.weight", new long[] {12, 2}, b);
    }

    private void config(String more) throws Exception {
        Files.writeString(
                adapter.resolve("adapter_config.json"),
                "{\"peft_type\":\"LORA\",\"r\":2,\"lora_alpha\":6,\"target_modules\":[\"gate_proj\"],\"bias\":\"none\","
                        + "\"rank_pattern\":{},\"modules_to_save\":null" + more + "}");
    }

    private Weights merged() {
        return LoraWeights.open(Safetensors.ofFolder(base), adapter, name -> true);
    }

    private void refused(String... parts) {
        assertThatThrownBy(this::merged)
                .isInstanceOf(InvalidInputException.class)
                .satisfies(e -> assertThat(e.getMessage()).contains(parts).doesNotContain("\n"));
    }

    private void assertMerged(double scale) {
        Weights plain = Safetensors.ofFolder(base);
        Weights merged = merged();
        for (int from = 0; from < 12; from += 5) {
            int to = Math.min(12, from + 5);
            FloatBuffer before = plain.rows(TARGET, from, to);
            FloatBuffer after = merged.rows(TARGET, from, to);
            assertThat(after.remaining()).isEqualTo((to - from) * 8);
            for (int i = from; i < to; i++) {
                for (int j = 0; j < 8; j++) {
                    double product = (double) b[i * 2] * a[j] + (double) b[i * 2 + 1] * a[8 + j];
                    assertThat((double) after.get((i - from) * 8 + j))
                            .as("seed %d, element %d,%d", SEED, i, j)
                            .isCloseTo(before.get((i - from) * 8 + j) + scale * product, within(1e-6));
                }
            }
        }
    }

    @Test
    void addsTheScaledProductToItsTargetOnly() {
        assertMerged(6.0 / 2);
        Weights merged = merged();
        Safetensors plain = Safetensors.ofFolder(base);
        for (String name : plain.names()) {
            int rows = (int) plain.shape(name)[0];
            assertThat(merged.shape(name)).isEqualTo(plain.shape(name));
            if (!name.equals(TARGET)) {
                assertThat(merged.rows(name, 0, rows)).isEqualTo(plain.rows(name, 0, rows));
            }
        }
    }

    @Test
    void scalesByTheRootOfTheRankWhenStabilised() throws Exception {
        config(",\"use_rslora\":true");
        assertMerged(6.0 / Math.sqrt(2));
    }

    @Test
    void keepsThePairsOfSeveralTargetsApart() {
        String other = "base_model.model.model.layers.0.mlp.gate_proj";
        pair().f32(other + ".lora_A.weight", new long[] {2, 8}, new float[16])
                .f32(other + ".lora_B.weight", new long[] {12, 2}, b)
                .write(adapter.resolve("adapter_model.safetensors"));
        Weights merged = merged();
        Weights plain = Safetensors.ofFolder(base);
        String untouched = "model.layers.0.mlp.gate_proj.weight";
        merged.rows(TARGET, 0, 12);
        assertThat(merged.rows(untouched, 0, 12)).isEqualTo(plain.rows(untouched, 0, 12));
        assertMerged(3);
    }

    @Test
    void refusesWhatThePlainRuleWouldMergeWrongly() throws Exception {
        for (String more : List.of(
                "\"use_dora\":true",
                "\"alpha_pattern\":{\"q_proj\":4}",
                "\"fan_in_fan_out\":true",
                "\"lora_bias\":true",
                "\"alora_invocation_tokens\":[1,2]",
                "\"init_lora_weights\":\"pissa_niter_4\"")) {
            config("," + more);
            refused("adapter_config.json", more.substring(1, more.indexOf('"', 1)));
        }
        config("");
        for (String changed : List.of(
                "\"rank_pattern\":{\"x\":1}", "\"modules_to_save\":[\"lm_head\"]", "\"bias\":\"all\"", "\"r\":0")) {
            String field = changed.substring(0, changed.indexOf(':'));
            String text = Files.readString(adapter.resolve("adapter_config.json"));
            Files.writeString(
                    adapter.resolve("adapter_config.json"),
                    text.replaceFirst(
                            field + ":(\\{}|null|\"none\"|2)", java.util.regex.Matcher.quoteReplacement(changed)));
            refused("adapter_config.json", field.replace("\"", ""));
            config("");
        }
    }

    @Test
    void refusesTensorsThatItCannotPlace() {
        Path file = adapter.resolve("adapter_model.safetensors");
        pair().f32("base_model.model.lm_head.lora_A.weight", new long[] {2, 8}, a)
                .write(file);
        refused("adapter_model.safetensors", "lm_head");
        pair().f32("base_model.model.model.embed_tokens.lora_embedding_A", new long[] {1}, 1)
                .write(file);
        refused("lora_embedding_A", "not understood");
        new SafetensorsWriter()
                .f32(MODULE + ".lora_A.weight", new long[] {2, 8}, a)
                .write(file);
        refused(MODULE, "no counterpart lora_B");
        new SafetensorsWriter()
                .f32(MODULE + ".lora_A.weight", new long[] {2, 8}, a)
                .f32(MODULE + ".lora_B.weight", new long[] {6, 4}, b)
                .write(file);
        refused(MODULE, "[6, 4]", "[12, 2]");
        new SafetensorsWriter().write(file);
        refused("no tensors");
    }

    @Test
    void refusesAChangeToAHeadThatTheModelDoesNotUse() {
        DecoderConfig config = TinyCheckpoint.write(base, Family.LLAMA, true, SEED);
        int vocabulary = config.vocabulary();
        TinyCheckpoint.weights(config, SEED)
                .f32("lm_head.weight", new long[] {vocabulary, 8}, new float[vocabulary * 8])
                .write(base.resolve("model.safetensors"));
        pair().f32("base_model.model.lm_head.lora_A.weight", new long[] {2, 8}, a)
                .f32("base_model.model.lm_head.lora_B.weight", new long[] {vocabulary, 2}, new float[vocabulary * 2])
                .write(adapter.resolve("adapter_model.safetensors"));
        assertThatThrownBy(() -> Checkpoint.open(base, CheckpointOptions.DEFAULT.withAdapter(adapter)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("lm_head.weight, which the model does not use");
    }

    @Test
    void opensWithACheckpoint() {
        try (Checkpoint checkpoint = Checkpoint.open(base, CheckpointOptions.DEFAULT.withAdapter(adapter))) {
            assertThat(checkpoint.weights().rows(TARGET, 0, 12)).isEqualTo(merged().rows(TARGET, 0, 12));
        }
    }
}
