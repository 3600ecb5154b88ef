package dev.whyrank.train.paid;

import dev.whyrank.model.InvalidInputException;
import dev.whyrank.rerank.remote.ChatUsage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The journal: a line for each answer, written through as it comes. A last line that was cut is dropped; what stands
 * before it is never written again, so that nothing can lose it. Safe for use by many threads.
 */
public final class PaidAnswers implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();

    private final Map<String, Paid> answers = new HashMap<>();
    private final Path file;
    private final FileChannel out;
    private ChatUsage total = ChatUsage.NONE;
    private ChatUsage spent = ChatUsage.NONE;

    private PaidAnswers(Path file, FileChannel out) {
        this.file = file;
        this.out = out;
    }

    /**
     * Opens or starts a journal.
     *
     * @throws InvalidInputException if the file cannot be read or written, or a line of it is damaged
     */
    public static PaidAnswers open(Path file) {
        try {
            byte[] bytes = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
            int end = bytes.length;
            while (end > 0 && bytes[end - 1] != '\n') {
                end--;
            }
            List<String> lines =
                    new String(bytes, 0, end, StandardCharsets.UTF_8).lines().toList();
            List<Paid> past = new ArrayList<>();
            for (int i = 0; i < lines.size(); i++) {
                past.add(read(file, i + 1, lines.get(i)));
            }
            FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            out.truncate(end).position(end);
            PaidAnswers paid = new PaidAnswers(file, out);
            past.forEach(paid::remember);
            return paid;
        } catch (IOException e) {
            throw new InvalidInputException(file + ": cannot be read or written: " + e, e);
        }
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

    /**
     * Keeps an answer, in the file before anything else is done with it.
     *
     * @throws InvalidInputException if it cannot be written; the file is as it was then
     */
    public synchronized void add(Paid paid) {
        byte[] line = (JSON.writeValueAsString(paid) + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            write(ByteBuffer.wrap(line));
        } catch (IOException e) {
            throw new InvalidInputException(
                    file + ": an answer cannot be written: " + e
                            + "; those that it holds are kept: start again to go on",
                    e);
        }
        remember(paid);
        spent = spent.plus(paid.usage());
    }

    private void write(ByteBuffer line) throws IOException {
        long before = out.position();
        try {
            while (line.hasRemaining()) {
                out.write(line);
            }
        } catch (IOException e) {
            if (out.isOpen()) {
                out.truncate(before);
            }
            throw e;
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
