package dev.whyrank.evaluate;

import dev.whyrank.model.InvalidInputException;
import java.nio.file.Path;
import java.util.List;

/** Distillation records whose every document has a label, as whoever asks holds questions. */
public final class LabelledRecords {

    private LabelledRecords() {}

    /** Makes a question of its title and body, its documents' texts and a label, 0 to 2, of each of them. */
    @FunctionalInterface
    public interface Maker<Q> {
        Q make(String question, List<String> documents, List<Integer> labels);
    }

    /**
     * Reads a file, one record on each line.
     *
     * @throws InvalidInputException names file, line and reason
     */
    public static <Q> List<Q> read(Path file, Maker<Q> maker) {
        List<Q> questions = RecordReader.read(file, maker);
        if (questions.isEmpty()) {
            throw new InvalidInputException(file + ": has no records; give one JSON object per line");
        }
        return questions;
    }
}
