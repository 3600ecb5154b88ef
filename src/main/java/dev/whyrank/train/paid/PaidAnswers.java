package dev.whyrank.train.paid;

import dev.whyrank.model.InvalidInputException;
import dev.whyrank.rerank.remote.ChatUsage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The journal: a line for each answer, written through as it comes. A last line that was cut is dropped. Safe for use by
 * many threads.
 */
public final class PaidAnswers implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();

    private final Map<String, Paid> answers = new HashMap<>();
    private final Writer out;
    private ChatUsage total = ChatUsage.NONE;
    private ChatUsage spent = ChatUsage.NONE;

    private PaidAnswers(Writer out) {
        this.out = out;
    }

    /**
     * Opens or starts a journal.
     *
     * @throws InvalidInputException if the file cannot be read or written, or a line of it is damaged
     */
    public static PaidAnswers open(Path file) {
        try {
            List<String> lines = Files.exists(file) ? wholeLines(file) : List.of();
            Files.write(file, lines, StandardCharsets.UTF_8);
            PaidAnswers paid =
                    new PaidAnswers(Files.newBufferedWriter(file, StandardCharsets.UTF_8, StandardOpenOption.APPEND));
            for (int i = 0; i < lines.size(); i++) {
                paid.remember(read(file, i + 1, lines.get(i)));
            }
            return paid;
        } catch (IOException e) {
            throw new InvalidInputException(file + ": cannot be read or written: " + e, e);
        }
    }

    private static List<String> wholeLines(Path file) throws IOException {
        String text = Files.readString(file);
        return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    }

    private static Paid read(Path file, int number, String line) {
        try {
            return JSON.readValue(line, Paid.class);
        } catch (JacksonException e) {
            throw new InvalidInputException(
                    file + ", line " + number + ": is damaged; delete the line: " + e.getOriginalMessage(), e);
        }
    }

    private void remember(Paid paid) {
        answers.put(paid.key(), paid);
        total = total.plus(paid.usage());
    }

    /** The answer to a question, or null. */
    public synchronized @Nullable Paid find(String key) {
        return answers.get(key);
    }

    /** What all answers cost, also those that were asked for again. */
    public synchronized ChatUsage total() {
        return total;
    }

    /** What the answers cost that came since the journal was opened. */
    public synchronized ChatUsage spent() {
        return spent;
    }

    /** Keeps an answer, in the file before anything else is done with it. */
    public synchronized void add(Paid paid) {
        remember(paid);
        spent = spent.plus(paid.usage());
        try {
            out.write(JSON.writeValueAsString(paid));
            out.write('\n');
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized void close() {
        try {
            out.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
