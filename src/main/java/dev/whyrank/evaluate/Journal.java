package dev.whyrank.evaluate;

import dev.whyrank.model.InvalidInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;

/**
 * The outcomes so far, one line of JSON each, so that an interrupted evaluation goes on where it stopped. The first line
 * states what is evaluated; a journal of something else is refused, not mixed in. A last line that was cut is dropped.
 */
final class Journal implements AutoCloseable {

    private final @Nullable Writer out;
    private final List<QueryOutcome> past;

    private Journal(@Nullable Writer out, List<QueryOutcome> past) {
        this.out = out;
        this.past = past;
    }

    /** A journal that remembers nothing. */
    static Journal none() {
        return new Journal(null, List.of());
    }

    /** Opens or starts a journal. */
    static Journal open(Path file, Map<String, String> evaluation) {
        try {
            String header = JsonLines.MAPPER.writeValueAsString(new TreeMap<>(evaluation));
            List<String> lines = Files.exists(file) ? wholeLines(file) : List.of();
            if (!lines.isEmpty() && !lines.get(0).equals(header)) {
                throw new InvalidInputException(file + ": is the journal of another evaluation ("
                        + difference(lines.get(0), evaluation) + "); give another --out or delete it");
            }
            List<QueryOutcome> past = new ArrayList<>();
            for (int i = 1; i < lines.size(); i++) {
                past.add(outcome(file, i + 1, lines.get(i)));
            }
            List<String> kept = lines.isEmpty() ? List.of(header) : lines;
            Files.write(file, kept, StandardCharsets.UTF_8);
            return new Journal(Files.newBufferedWriter(file, StandardCharsets.UTF_8, StandardOpenOption.APPEND), past);
        } catch (IOException e) {
            throw new InvalidInputException(file + ": cannot be read or written: " + e, e);
        }
    }

    private static List<String> wholeLines(Path file) throws IOException {
        String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    }

    private static String difference(String header, Map<String, String> evaluation) {
        try {
            Map<String, String> before = JsonLines.MAPPER.readValue(header, new TypeReference<>() {});
            return evaluation.entrySet().stream()
                    .filter(entry -> !entry.getValue().equals(before.get(entry.getKey())))
                    .map(entry -> entry.getKey() + " was " + before.get(entry.getKey()))
                    .findFirst()
                    .orElse("its first line has other fields");
        } catch (JacksonException e) {
            return "its first line is not readable: " + e.getOriginalMessage();
        }
    }

    private static QueryOutcome outcome(Path file, int number, String line) {
        try {
            return JsonLines.MAPPER.readValue(line, QueryOutcome.class);
        } catch (JacksonException e) {
            throw new InvalidInputException(
                    file + ": line " + number + ": is damaged; delete the line or the file: " + e.getOriginalMessage(),
                    e);
        }
    }

    /** What was there when it was opened. */
    List<QueryOutcome> past() {
        return past;
    }

    /** Writes an outcome through to the file, so that it outlives the process. */
    void append(QueryOutcome outcome) {
        if (out == null) {
            return;
        }
        try {
            out.write(JsonLines.MAPPER.writeValueAsString(outcome));
            out.write('\n');
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            if (out != null) {
                out.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
