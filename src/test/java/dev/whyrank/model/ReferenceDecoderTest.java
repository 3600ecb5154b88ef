package dev.whyrank.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.whyrank.model.DecoderConfig.Family;
import dev.whyrank.model.DecoderConfig.RopeScaling;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

class ReferenceDecoderTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long SEED = 7;
    private static final int[] TOKENS = {17, 250, 3, 3, 101, 9, 318, 44};

    @Test
    void agreesWithTheExpectedLogitsOfARealModel() {
        double[] logits = new ReferenceDecoder(Stories.CONFIG, new Stories()).logits(new int[] {Stories.BEGIN});
        double[] expected = Stories.expectedLogits();
        assertThat(logits).hasSameSizeAs(expected);
        for (int i = 0; i < logits.length; i++) {
            assertThat(logits[i]).as("logit of token %d", i).isCloseTo(expected[i], within(2e-5));
        }
    }

    @Test
    void writesTheExpectedStory() {
        int[] expected = Stories.expectedTokens();
        int[] tokens = new int[60];
        tokens[0] = Stories.BEGIN;
        System.arraycopy(expected, 0, tokens, 1, tokens.length - 1);
        double[][] logits = new ReferenceDecoder(Stories.CONFIG, new Stories()).allLogits(tokens);
        assertThat(Arrays.stream(logits).mapToInt(ReferenceDecoderTest::best).toArray())
                .isEqualTo(Arrays.copyOf(expected, tokens.length));
    }

    @ParameterizedTest
    @EnumSource
    void agreesWithTransformersOnEveryFamily(Family family) throws IOException {
        JsonNode fixture;
        try (InputStream in = getClass().getResourceAsStream("/tinydecoders/expected.json")) {
            fixture = JSON.readTree(Objects.requireNonNull(in));
        }
        int[] tokens = JSON.convertValue(fixture.get("tokens"), int[].class);
        double[] expected = JSON.convertValue(fixture.get("last_logits").get(family.name()), double[].class);
        DecoderConfig config = TinyWeights.config(family);
        TinyWeights weights = TinyWeights.of(config, fixture.get("seed").asLong());
        double[] logits = new ReferenceDecoder(config, weights).logits(tokens);
        assertThat(logits).hasSameSizeAs(expected);
        assertThat(distance(logits, expected)).isLessThan(2e-5);
    }

    @ParameterizedTest
    @EnumSource
    void neverLooksAhead(Family family) {
        ReferenceDecoder decoder = tiny(TinyWeights.config(family));
        double[][] all = decoder.allLogits(TOKENS);
        for (int length = 1; length <= TOKENS.length; length++) {
            assertThat(decoder.logits(Arrays.copyOf(TOKENS, length))).isEqualTo(all[length - 1]);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theOrderOfTokensMatters(Family family) {
        ReferenceDecoder decoder = tiny(TinyWeights.config(family));
        int[] swapped = TOKENS.clone();
        swapped[0] = TOKENS[1];
        swapped[1] = TOKENS[0];
        assertThat(distance(decoder.logits(TOKENS), decoder.logits(swapped))).isGreaterThan(1e-3);
    }

    @Test
    void scalingByOneIsNoScaling() {
        DecoderConfig plain = TinyWeights.config(Family.LLAMA, null, true);
        DecoderConfig one = TinyWeights.config(Family.LLAMA, new RopeScaling(1, 1, 4, 64), true);
        DecoderConfig eight = TinyWeights.config(Family.LLAMA, new RopeScaling(8, 1, 4, 64), true);
        double[] expected = tiny(plain).logits(TOKENS);
        assertThat(distance(tiny(one).logits(TOKENS), expected)).isLessThan(1e-12);
        assertThat(distance(tiny(eight).logits(TOKENS), expected)).isGreaterThan(1e-3);
    }

    @Test
    void theNormOfAHeadUndoesAScaledProjection() {
        DecoderConfig qwen3 = TinyWeights.config(Family.QWEN3);
        double[] expected = tiny(qwen3).logits(TOKENS);
        double[] scaled = new ReferenceDecoder(qwen3, scaledQueries(qwen3)).logits(TOKENS);
        assertThat(distance(scaled, expected)).isLessThan(1e-3);

        DecoderConfig llama = TinyWeights.config(Family.LLAMA);
        double[] without = new ReferenceDecoder(llama, scaledQueries(llama)).logits(TOKENS);
        assertThat(distance(without, tiny(llama).logits(TOKENS))).isGreaterThan(1e-2);
    }

    @Test
    void tinyWeightsDependOnTheSeed() {
        DecoderConfig config = TinyWeights.config(Family.QWEN2);
        double[] expected = tiny(config).logits(TOKENS);
        assertThat(tiny(config).logits(TOKENS)).isEqualTo(expected);
        assertThat(new ReferenceDecoder(config, TinyWeights.of(config, SEED + 1)).logits(TOKENS))
                .isNotEqualTo(expected);
    }

    private static ReferenceDecoder tiny(DecoderConfig config) {
        return new ReferenceDecoder(config, TinyWeights.of(config, SEED));
    }

    private static Weights scaledQueries(DecoderConfig config) {
        TinyWeights weights = TinyWeights.of(config, SEED);
        return new Weights() {
            @Override
            public boolean contains(String name) {
                return weights.contains(name);
            }

            @Override
            public long[] shape(String name) {
                return weights.shape(name);
            }

            @Override
            public FloatBuffer rows(String name, int from, int to) {
                FloatBuffer rows = weights.rows(name, from, to);
                for (int i = 0; i < rows.limit() && name.endsWith("q_proj.weight"); i++) {
                    rows.put(i, 64 * rows.get(i));
                }
                return rows;
            }
        };
    }

    private static int best(double[] logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            best = logits[i] > logits[best] ? i : best;
        }
        return best;
    }

    private static double distance(double[] a, double[] b) {
        double distance = 0;
        for (int i = 0; i < a.length; i++) {
            distance = Math.max(distance, Math.abs(a[i] - b[i]));
        }
        return distance;
    }
}
