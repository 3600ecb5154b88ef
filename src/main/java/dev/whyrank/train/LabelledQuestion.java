package dev.whyrank.train;

import dev.whyrank.model.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * A question and its labelled candidates.
 *
 * @param text title and body
 * @param documents the candidates' texts
 * @param labels 0, 1 or 2, one for each document
 */
public record LabelledQuestion(String text, List<String> documents, List<Integer> labels) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Reads distillation records in canonical form, one on each line.
     *
     * @throws InvalidInputException if the file cannot be read, with file, line and reason
     */
    public static List<LabelledQuestion> read(Path file) {
        List<LabelledQuestion> questions = new ArrayList<>();
        int number = 0;
        try {
            for (String line : Files.readAllLines(file)) {
                number++;
                if (!line.isBlank()) {
                    questions.add(of(JSON.readTree(line), file + ", line " + number));
                }
            }
        } catch (IOException e) {
            throw new InvalidInputException(file + " cannot be read as UTF-8 text: " + e.getMessage());
        } catch (JacksonException e) {
            throw new InvalidInputException(file + ", line " + number + " is not JSON: " + e.getOriginalMessage());
        }
        if (questions.isEmpty()) {
            throw new InvalidInputException(file + " has no records; give one JSON object per line");
        }
        return questions;
    }

    private static LabelledQuestion of(JsonNode line, String where) {
        JsonNode question = line.path("question");
        String text = (question.path("title").asString("") + " "
                        + question.path("body").asString(""))
                .strip();
        List<String> documents = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        for (JsonNode document : line.path("documents")) {
            int label = document.path("label").asInt(-1);
            if (label < 0 || label > 2) {
                throw new InvalidInputException(where + ": every document needs a label of 0, 1 or 2");
            }
            String body = document.path("text").asString("");
            if (body.isBlank()) {
                throw new InvalidInputException(where + ": every document needs a text");
            }
            documents.add(body);
            labels.add(label);
        }
        if (text.isEmpty() || documents.isEmpty()) {
            throw new InvalidInputException(where + ": a record needs question.title and documents");
        }
        return new LabelledQuestion(text, documents, labels);
    }
}
