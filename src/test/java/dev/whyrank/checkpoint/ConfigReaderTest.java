package dev.whyrank.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whyrank.model.DecoderConfig;
import dev.whyrank.model.DecoderConfig.Family;
import dev.whyrank.model.DecoderConfig.RopeScaling;
import dev.whyrank.model.InvalidInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigReaderTest {

    @TempDir
    private Path folder;

    private DecoderConfig read(String json) {
        try {
            return ConfigReader.read(Files.writeString(folder.resolve("config.json"), json.replace('\'', '"')));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void assumesWhatTheFamilyAssumes() {
        assertThat(read("{'model_type':'llama'}"))
                .isEqualTo(new DecoderConfig(
                        Family.LLAMA, 32, 4096, 32, 32, 128, 11008, 32000, 2048, 1e-6, 10000, null, false));
        assertThat(read("{'model_type':'qwen2','hidden_size':896,'num_attention_heads':14,'num_key_value_heads':null}"))
                .isEqualTo(new DecoderConfig(
                        Family.QWEN2, 32, 896, 14, 14, 64, 22016, 151936, 32768, 1e-6, 10000, null, false));
        assertThat(read("{'model_type':'qwen3','hidden_size':1024,'num_attention_heads':16,'num_key_value_heads':8}")
                        .headDim())
                .isEqualTo(128);
    }

    @Test
    void readsTheLlamaRopeScaling() {
        RopeScaling expected = new RopeScaling(32, 1, 4, 8192);
        String values = "'factor':32.0,'low_freq_factor':1.0,'high_freq_factor':4.0,"
                + "'original_max_position_embeddings':8192";
        DecoderConfig old = read("{'model_type':'llama','rope_theta':500000.0,'rope_scaling':{'rope_type':'llama3',"
                + values + "},'tie_word_embeddings':true,'head_dim':null}");
        assertThat(old.ropeScaling()).isEqualTo(expected);
        assertThat(old.ropeTheta()).isEqualTo(500_000);
        assertThat(old.tiedHead()).isTrue();
        DecoderConfig recent = read(
                "{'model_type':'llama','rope_parameters':{'rope_theta':500000.0,'rope_type':'llama3'," + values + "}}");
        assertThat(recent.ropeScaling()).isEqualTo(expected);
        assertThat(recent.ropeTheta()).isEqualTo(500_000);
        assertThat(read("{'model_type':'llama','rope_scaling':{'type':'default'}}")
                        .ropeScaling())
                .isNull();
    }

    @Test
    void acceptsAWindowThatNoLayerUses() {
        assertThat(read("{'model_type':'qwen2','use_sliding_window':false,'sliding_window':4096}")
                        .family())
                .isEqualTo(Family.QWEN2);
        assertThat(read("{'model_type':'qwen2','use_sliding_window':true,'sliding_window':4096,"
                                + "'max_window_layers':32}")
                        .family())
                .isEqualTo(Family.QWEN2);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    'model_type':'gemma2'                                               | gemma2
                    'hidden_size':1                                                     | model_type
                    'model_type':7                                                      | model_type
                    'model_type':'llama','architectures':['LlamaForSequenceClassification'] | LlamaForSequenceClassification
                    'model_type':'llama','hidden_act':'gelu'                            | hidden_act
                    'model_type':'llama','attention_bias':true                          | attention_bias
                    'model_type':'llama','mlp_bias':true                                | mlp_bias
                    'model_type':'llama','quantization_config':{'bits':4}               | quantised
                    'model_type':'llama','rope_scaling':{'type':'yarn','factor':4}      | yarn
                    'model_type':'llama','rope_scaling':{'type':'llama3','factor':4}    | low_freq_factor
                    'model_type':'qwen2','use_sliding_window':true,'sliding_window':9   | sliding
                    'model_type':'qwen3','layer_types':['sliding_attention']            | sliding
                    'model_type':'llama','num_attention_heads':32,'num_key_value_heads':5 | num_key_value_heads
                    'model_type':'llama','head_dim':7                                   | head_dim
                    'model_type':'llama','hidden_size':0                                | hidden_size
                    'model_type':'llama','hidden_size':-4                               | hidden_size
                    'model_type':'llama','hidden_size':'big'                            | hidden_size
                    'model_type':'llama','vocab_size':4294967296                        | vocab_size
                    'model_type':'llama','vocab_size':1.5                               | vocab_size
                    'model_type':'llama','rms_norm_eps':0                               | rms_norm_eps
                    'model_type':'llama','tie_word_embeddings':'yes'                    | tie_word_embeddings
                    'model_type':'llama','model_type':'qwen2'                           | model_type
                    """, quoteCharacter = '`')
    void refusesWithOneLineThatNamesTheField(String fields, String named) {
        assertThatThrownBy(() -> read("{" + fields + "}"))
                .isInstanceOf(InvalidInputException.class)
                .satisfies(e -> assertThat(e.getMessage())
                        .contains("config.json", named)
                        .doesNotContain("\n"));
    }
}
