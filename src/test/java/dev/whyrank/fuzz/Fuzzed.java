package dev.whyrank.fuzz;

import dev.whyrank.model.InvalidInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

/** What every reader of something from outside owes: a value, or a refusal in one line that names it, and soon. */
public final class Fuzzed {

    /** Of this thread alone, so that a busy or halted machine finds no faults. */
    private static final Duration LONGEST = Duration.ofSeconds(1);

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final Path FOLDER = folder();

    private Fuzzed() {}

    private static Path folder() {
        try {
            Path folder = Files.createTempDirectory("fuzz");
            folder.toFile().deleteOnExit();
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file of this process under a name that only fuzzing uses. */
    public static Path file(String name, byte[] content) {
        try {
            Path file = FOLDER.resolve(name);
            file.toFile().deleteOnExit();
            return Files.write(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads a file that holds this; a refusal must name it. */
    public static void file(String name, byte[] content, Consumer<Path> reader) {
        Path file = file(name, content);
        inTime(() -> refusable(name, () -> reader.accept(file)));
    }

    /** Runs what may refuse its input. */
    public static void refusable(String name, Runnable reader) {
        try {
            reader.run();
        } catch (InvalidInputException e) {
            String message = String.valueOf(e.getMessage());
            if (!message.contains(name) || message.lines().count() != 1) {
                throw new AssertionError("is no line that names " + name + ": " + message, e);
            }
        }
    }

    /** Runs what must not take long; once more if it did, since the first run of all has classes to load. */
    public static void inTime(Runnable task) {
        if (time(task).compareTo(LONGEST) > 0) {
            Duration taken = time(task);
            if (taken.compareTo(LONGEST) > 0) {
                throw new AssertionError("took " + taken + " of processor time");
            }
        }
    }

    private static Duration time(Runnable task) {
        long before = THREADS.getCurrentThreadCpuTime();
        task.run();
        return Duration.ofNanos(THREADS.getCurrentThreadCpuTime() - before);
    }

    /** Bytes as text, whatever they are. */
    public static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Bytes as so many texts, the borders being where the bytes say 0; missing ones are empty. */
    public static String[] texts(byte[] bytes, int count) {
        String[] texts = new String[count];
        java.util.Arrays.fill(texts, "");
        String[] parts = text(bytes).split("\0", count);
        System.arraycopy(parts, 0, texts, 0, parts.length);
        return texts;
    }
}
