package dev.whyrank.train.tuning;

import dev.whyrank.model.InvalidInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.ObjectMapper;

/**
 * What a run was started with, written beside what it made, so that no other run takes that for its own.
 *
 * @param values by their names
 */
public record RunSettings(Map<String, String> values) {

    private static final ObjectMapper JSON = new ObjectMapper();

    public RunSettings {
        values = new TreeMap<>(values);
    }

    /** These and one more. */
    public RunSettings with(String name, String value) {
        Map<String, String> more = new TreeMap<>(values);
        more.put(name, value);
        return new RunSettings(more);
    }

    /** Stands for texts that are too long to be a value. */
    public static String hash(List<String> texts) {
        byte[] json = JSON.writeValueAsString(texts).getBytes(StandardCharsets.UTF_8);
        return HexFormat.of().formatHex(Tuning.sha256().digest(json), 0, 8);
    }

    /** All in one line. */
    public String line() {
        return JSON.writeValueAsString(values);
    }

    /**
     * Compares with a line that was written.
     *
     * @param where it stands
     * @throws InvalidInputException naming what differs
     */
    public void requireSame(String line, Path where) {
        Map<String, String> before;
        try {
            before = JSON.readValue(line, new TypeReference<>() {});
        } catch (JacksonException e) {
            throw new InvalidInputException(
                    where + ": does not say what it belongs to; delete it or give another --out", e);
        }
        for (Map.Entry<String, String> value : values.entrySet()) {
            String other = before.get(value.getKey());
            if (!value.getValue().equals(other)) {
                throw new InvalidInputException(where + ": was left by a run with other settings (" + value.getKey()
                        + " was " + other + " and is " + value.getValue() + "); give them again, or another --out");
            }
        }
    }

    /**
     * Writes them into a file, or compares them with what it says if there is one.
     *
     * @throws InvalidInputException naming what differs
     */
    public void keep(Path file) throws IOException {
        if (Files.exists(file)) {
            requireSame(Files.readString(file), file);
        } else {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, line() + "\n");
        }
    }
}
