package dev.whyrank.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import tools.jackson.databind.ObjectMapper;

/** What ONNX Runtime computes with all-MiniLM-L6-v2, for texts from 10 to 145 tokens. */
public final class MiniLmExpectations {

    /** A text, its token ids with special tokens, and its sentence vector of length 1. */
    public record Text(String text, int[] tokens, double[] vector) {}

    /** Two texts and the cosine of their vectors. */
    public record Pair(double cosine, List<Text> texts) {}

    private record File(List<Pair> pairs) {}

    private MiniLmExpectations() {}

    /** All pairs of the fixture. */
    public static List<Pair> pairs() {
        try (InputStream in = MiniLmExpectations.class.getResourceAsStream("/minilm/expected.json")) {
            return new ObjectMapper()
                    .readValue(Objects.requireNonNull(in), File.class)
                    .pairs();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
