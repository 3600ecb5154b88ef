package dev.whyrank.train.laboratory;

import dev.whyrank.train.tuning.ProcessorTime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Adds what a part of the laboratory takes of the processors to a file, over all calls that worked on it. */
final class ProcessorLog {

    private final Path file;
    private final Duration before = ProcessorTime.now();

    private ProcessorLog(Path file) {
        this.file = file;
    }

    static ProcessorLog start(Path laboratory, String part) {
        return new ProcessorLog(file(laboratory, part));
    }

    /** What a model took, not counting the model that it began as; zero if that is not known. */
    static Duration of(Path laboratory, Arm arm) {
        return read(file(laboratory, arm.id()));
    }

    private static Path file(Path laboratory, String part) {
        return laboratory.resolve(part + ".millis");
    }

    private static Duration read(Path file) {
        try {
            return Files.exists(file)
                    ? Duration.ofMillis(Long.parseLong(Files.readString(file).strip()))
                    : Duration.ZERO;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes it down, also when the part was broken off. */
    void write() {
        Duration sum = read(file).plus(ProcessorTime.now()).minus(before);
        try {
            Files.writeString(file, sum.toMillis() + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
