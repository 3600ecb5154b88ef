package dev.whyrank.model;

import dev.whyrank.model.DecoderConfig.Family;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The one real language model of the tests, stories260k, read the short way: whole, and float32 only. */
public final class Stories implements Weights {

    /** The shape of the model, as its config.json states it. */
    public static final DecoderConfig CONFIG =
            new DecoderConfig(Family.LLAMA, 5, 64, 8, 4, 8, 172, 512, 512, 1e-5, 10_000, null, true);

    /** The token that begins every text. */
    public static final int BEGIN = 1;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final JsonNode header;
    private final ByteBuffer data;

    public Stories() {
        ByteBuffer file = ByteBuffer.wrap(resource("model.safetensors")).order(ByteOrder.LITTLE_ENDIAN);
        int length = Math.toIntExact(file.getLong());
        header = JSON.readTree(new String(file.array(), Long.BYTES, length, StandardCharsets.UTF_8));
        data = file.position(Long.BYTES + length).slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The tokens that the model writes greedily after {@link #BEGIN}. */
    public static int[] expectedTokens() {
        return JSON.convertValue(expected().get("greedy_ids"), int[].class);
    }

    /** The logits after {@link #BEGIN}, to five decimals. */
    public static double[] expectedLogits() {
        return JSON.convertValue(expected().get("last_logits_of_bos"), double[].class);
    }

    /** The text of {@link #expectedTokens()}. */
    public static String expectedText() {
        return expected().get("text").asString();
    }

    @Override
    public boolean contains(String name) {
        return header.has(name);
    }

    @Override
    public long[] shape(String name) {
        return JSON.convertValue(entry(name).get("shape"), long[].class);
    }

    @Override
    public FloatBuffer rows(String name, int from, int to) {
        JsonNode offsets = entry(name).get("data_offsets");
        int begin = offsets.get(0).asInt();
        int rowBytes = (offsets.get(1).asInt() - begin) / Math.toIntExact(shape(name)[0]);
        FloatBuffer rows = ByteBuffer.allocateDirect((to - from) * rowBytes)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        FloatBuffer stored = data.slice(begin + from * rowBytes, (to - from) * rowBytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
        return rows.put(stored).flip();
    }

    private JsonNode entry(String name) {
        if (!contains(name)) {
            throw new IllegalArgumentException("stories260k: no tensor " + name);
        }
        return header.get(name);
    }

    private static JsonNode expected() {
        return JSON.readTree(resource("expected.json"));
    }

    private static byte[] resource(String name) {
        try (InputStream in = Stories.class.getResourceAsStream("/stories260k/" + name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
