package dev.whyrank.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whyrank.model.DecoderConfig;
import dev.whyrank.model.DecoderConfig.Family;
import dev.whyrank.model.InvalidInputException;
import dev.whyrank.tokenize.ChatWrapper;
import dev.whyrank.tokenize.TokenizerFixtures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CheckpointTest {

    @TempDir
    private Path folder;

    private void edit(String file, String from, String to) throws Exception {
        String text = Files.readString(folder.resolve(file));
        assertThat(text).contains(from);
        Files.writeString(folder.resolve(file), text.replace(from, to));
    }

    private void refused(String... parts) {
        assertThatThrownBy(() -> Checkpoint.open(folder))
                .isInstanceOf(InvalidInputException.class)
                .satisfies(e -> assertThat(e.getMessage()).contains(parts).doesNotContain("\n"));
    }

    @ParameterizedTest
    @EnumSource(Family.class)
    void opensEveryFamilyTiedAndUntied(Family family) {
        for (boolean tied : new boolean[] {true, false}) {
            DecoderConfig config = TinyCheckpoint.write(folder, family, tied, 7);
            try (Checkpoint checkpoint = Checkpoint.open(folder)) {
                assertThat(checkpoint.config()).isEqualTo(config);
                assertThat(checkpoint.stopTokens()).containsExactly(302);
                assertThat(checkpoint.dtype()).isEqualTo("F32");
                assertThat(checkpoint.chat()).isEqualTo(new ChatWrapper("<|start|>", ""));
                assertThat(checkpoint.kvBytesPerToken(4)).isEqualTo(2L * 2 * 4 * 4);
                long perLayer = 8 + 64 + 32 + 32 + 64 + 8 + 3 * 96;
                long extra = family == Family.QWEN2 ? 16 : family == Family.QWEN3 ? 8 : 0;
                assertThat(checkpoint.parameters()).isEqualTo(2 * (perLayer + extra) + 8 + (tied ? 1 : 2) * 320L * 8);
            }
        }
    }

    @Test
    void namesAMissingTensor() throws Exception {
        DecoderConfig config = TinyCheckpoint.write(folder, Family.LLAMA, true, 1);
        edit("config.json", "\"num_hidden_layers\":2", "\"num_hidden_layers\":3");
        refused("model.safetensors", "model.layers.2.input_layernorm.weight", "missing");
        TinyCheckpoint.write(folder, Family.LLAMA, true, 1);
        edit("config.json", "\"tie_word_embeddings\":true", "\"tie_word_embeddings\":false");
        refused("lm_head.weight", "missing");
        assertThat(config.tiedHead()).isTrue();
    }

    @Test
    void namesATensorOfAnotherShape() throws Exception {
        TinyCheckpoint.write(folder, Family.LLAMA, true, 1);
        edit("config.json", "\"intermediate_size\":12", "\"intermediate_size\":13");
        refused("model.safetensors", "mlp.gate_proj.weight", "[12, 8]", "[13, 8]");
    }

    @Test
    void refusesTensorsThatTheModelWouldNotUse() throws Exception {
        TinyCheckpoint.write(folder, Family.QWEN2, true, 1);
        edit("config.json", "qwen2", "llama");
        refused("self_attn.q_proj.bias", "no part of a LLAMA model");
    }

    @Test
    void survivesAForgedNumberOfLayers() throws Exception {
        DecoderConfig config = TinyCheckpoint.write(folder, Family.LLAMA, true, 1);
        TinyCheckpoint.weights(config, 1)
                .f32("model.layers.2147483646.input_layernorm.weight", new long[] {8}, new float[8])
                .write(folder.resolve("model.safetensors"));
        edit("config.json", "\"num_hidden_layers\":2", "\"num_hidden_layers\":2147483647");
        refused("model.layers.2.", "missing");
    }

    @Test
    void readsShardsThroughTheIndex() throws Exception {
        TinyCheckpoint.write(folder, Family.LLAMA, true, 1);
        Files.move(folder.resolve("model.safetensors"), folder.resolve("all.safetensors"));
        Safetensors all = Safetensors.ofFile(folder.resolve("all.safetensors"));
        SafetensorsWriter[] shards = {new SafetensorsWriter(), new SafetensorsWriter()};
        StringBuilder map = new StringBuilder();
        int i = 0;
        for (String name : all.names()) {
            int shard = i++ % 2;
            float[] values =
                    new float[(int) (long) TensorInfo.elements(all.shape(name)).orElseThrow()];
            all.rows(name, 0, (int) all.shape(name)[0]).get(values);
            shards[shard].f32(name, all.shape(name), values);
            map.append(map.isEmpty() ? "" : ",").append("\"%s\":\"part-%d.safetensors\"".formatted(name, shard));
        }
        shards[0].write(folder.resolve("part-0.safetensors"));
        shards[1].write(folder.resolve("part-1.safetensors"));
        Files.writeString(folder.resolve(Safetensors.INDEX), "{\"metadata\":{},\"weight_map\":{" + map + "}}");
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            assertThat(checkpoint.files()).isEqualTo(2);
            for (String name : all.names()) {
                int rows = (int) all.shape(name)[0];
                assertThat(checkpoint.weights().rows(name, 0, rows)).isEqualTo(all.rows(name, 0, rows));
            }
        }
    }

    @Test
    void refusesABadIndex() throws Exception {
        TinyCheckpoint.write(folder, Family.LLAMA, true, 1);
        Files.move(folder.resolve("model.safetensors"), folder.resolve("a.safetensors"));
        Path index = folder.resolve(Safetensors.INDEX);
        for (String name : List.of("../a.safetensors", "/etc/a.safetensors", "..", "a\\\\b.safetensors", "a.bin", "")) {
            Files.writeString(index, "{\"weight_map\":{\"model.norm.weight\":\"" + name + "\"}}");
            refused(Safetensors.INDEX, "model.norm.weight", "no file of this folder");
        }
        Files.writeString(index, "{\"weight_map\":{\"x\":\"a.safetensors\",\"x\":\"a.safetensors\"}}");
        refused(Safetensors.INDEX, "x");
        Files.writeString(index, "{\"weight_map\":{\"ghost\":\"a.safetensors\"}}");
        refused("a.safetensors", "ghost");
        Files.writeString(index, "{\"weight_map\":{\"ghost\":\"absent.safetensors\"}}");
        refused("absent.safetensors");
        Files.writeString(index, "{\"weight_map\":7}");
        refused(Safetensors.INDEX, "weight_map");
    }

    @Test
    void saysWhatAFolderLacks() throws Exception {
        refused("config.json");
        TinyCheckpoint.write(folder, Family.LLAMA, true, 1);
        Files.delete(folder.resolve("model.safetensors"));
        refused("model.safetensors", "safetensors form");
        TinyCheckpoint.write(folder, Family.LLAMA, true, 1);
        Files.delete(folder.resolve("tokenizer.json"));
        refused("tokenizer.json");
        assertThatThrownBy(() -> Checkpoint.open(folder.resolve("absent"))).hasMessageContaining("is no folder");
    }

    @Test
    void refusesATokenizerOfAnotherModel() throws Exception {
        TinyCheckpoint.write(folder, Family.LLAMA, true, 1);
        Files.write(folder.resolve("tokenizer.json"), TokenizerFixtures.stories());
        refused("tokenizer.json", "512", "320");
    }

    @Test
    void readsStopTokensFromTheGenerationConfigFirst() throws Exception {
        TinyCheckpoint.write(folder, Family.LLAMA, true, 1);
        Files.writeString(folder.resolve("generation_config.json"), "{\"eos_token_id\":[5,6]}");
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            assertThat(checkpoint.stopTokens()).containsExactlyInAnyOrder(5, 6);
        }
        Files.writeString(folder.resolve("generation_config.json"), "{\"eos_token_id\":[5,320]}");
        refused("generation_config.json", "eos_token_id");
    }
}
