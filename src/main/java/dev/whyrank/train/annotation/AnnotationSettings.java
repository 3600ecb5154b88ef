package dev.whyrank.train.annotation;

import dev.whyrank.model.InvalidInputException;
import java.nio.file.Path;
import java.util.Set;

/**
 * What to annotate.
 *
 * @param in records, one JSON object a line, canonical or the original's; what has a label keeps it
 * @param out the same records with what the teacher wrote; beside it a journal and what could not be used
 * @param tasks what to ask for
 * @param maxTokens of an answer
 * @param documentCharacters what of a document is sent
 * @param atOnce calls at the same time
 * @param againRejected whether to pay again for answers that could not be used
 */
public record AnnotationSettings(
        Path in, Path out, Set<Task> tasks, int maxTokens, int documentCharacters, int atOnce, boolean againRejected) {

    public AnnotationSettings {
        if (tasks.isEmpty() || maxTokens < 1 || documentCharacters < 1 || atOnce < 1) {
            throw new InvalidInputException("give at least one task, and 1 or more of everything that is counted");
        }
    }

    Path journal() {
        return beside(".answers.jsonl");
    }

    Path rejected() {
        return beside(".rejected.jsonl");
    }

    private Path beside(String ending) {
        return out.resolveSibling(out.getFileName() + ending);
    }
}
