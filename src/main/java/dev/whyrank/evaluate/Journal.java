package dev.whyrank.evaluate;

import dev.whyrank.model.InvalidInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.channels.FileChannel;
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
            byte[] content = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
            int whole = afterLastNewline(content);
            List<String> lines = new String(content, 0, whole, StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            if (!lines.isEmpty() && !lines.get(0).equals(header)) {
                throw new InvalidInputException(file + ": is the journal of another evaluation ("
                        + difference(lines.get(0), evaluation) + "); give another --out or delete it");
            }
            List<QueryOutcome> past = new ArrayList<>();
            for (int i = 1; i < lines.size(); i++) {
                past.add(outcome(file, i + 1, lines.get(i)));
            }
            return new Journal(appending(file, whole, header), past);
        } catch (IOException e) {
            throw new InvalidInputException(file + ": cannot be read or written: " + e, e);
        }
    }

    private static int afterLastNewline(byte[] content) {
        int end = content.length;
        while (end > 0 && content[end - 1] != '\n') {
            end--;
        }
        return end;
    }

    /** Whole lines are never written anew: whoever is killed meanwhile would lose them. */
    private static Writer appending(Path file, int whole, String header) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.truncate(whole);
        }
        Writer out = Files.newBufferedWriter(file, StandardCharsets.UTF_8, StandardOpenOption.APPEND);
        if (whole == 0) {
            out.write(header + "\n");
            out.flush();
        }
        return out;
    }

    private static String difference(String header, Map<String, String> evaluation) {
        try {
            Map<String, String> before = JsonLines.MAPPER.readValue(header, new TypeReference<>() {});
            return evaluation.entrySet().stream()
                    .filter(entry -> !entry.getValue().equals(before.get(entry.getKey())))
                    .map(entry -> entry.getKey() + " was " + before.getOrDefault(entry.getKey(), "not recorded"))
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
