package dev.whyrank.train.laboratory;

import dev.whyrank.model.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * How a model did in an exam, read from the files of {@code whyrank evaluate} and checked against the texts of the test
 * set, in which the truth is derived anew.
 *
 * @param marks by document, in the order of the test set
 * @param gains by question, in the order of the test set
 */
record ExamResult(List<Mark> marks, List<Gain> gains) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MEASURE = "nDCG@10";

    /**
     * One document's.
     *
     * @param label whether it is right
     * @param derivation whether explanation and label are, word for word
     */
    record Mark(boolean label, boolean derivation) {}

    /**
     * A question's nDCG@10.
     *
     * @param hard documents ordered by label, equal ones as they were given
     * @param expected documents ordered by expected label
     */
    record Gain(double hard, double expected) {}

    /**
     * Reads a result.
     *
     * @throws InvalidInputException if the exam was not taken, or not finished
     */
    static ExamResult read(Path laboratory, Arm arm, ExamPaper paper) {
        Path answers = paper.answers(laboratory, arm);
        Map<String, JsonNode> judgements = judgements(answers.resolve("journal.jsonl"));
        Map<String, Map<String, Double>> perQuery = perQuery(answers.resolve("per-query.tsv"));
        List<Mark> marks = new ArrayList<>();
        List<Gain> gains = new ArrayList<>();
        for (JsonNode record : lines(paper.records(laboratory))) {
            String prefix = record.path("site").asString("") + "/";
            JsonNode question = record.path("question");
            for (JsonNode document : record.path("documents")) {
                JsonNode judgement = judgements.get(prefix + document.path("id").asString(""));
                if (judgement == null) {
                    throw new InvalidInputException(answers + ": the exam is not finished; run whyrank lab again");
                }
                marks.add(mark(question, document, judgement));
            }
            Map<String, Double> values =
                    perQuery.getOrDefault(prefix + question.path("id").asString(""), Map.of());
            gains.add(new Gain(values.getOrDefault("hard label", 0.0), values.getOrDefault("expected label", 0.0)));
        }
        return new ExamResult(marks, gains);
    }

    private static Mark mark(JsonNode question, JsonNode document, JsonNode judgement) {
        Derivation truth = Derivation.of(
                question.path("title").asString(""), document.path("text").asString(""));
        boolean right = judgement.path("label").asInt(-1) == truth.label();
        return new Mark(
                right, right && truth.matches(judgement.path("explanation").asString("")));
    }

    private static Map<String, JsonNode> judgements(Path journal) {
        Map<String, JsonNode> judgements = new HashMap<>();
        for (JsonNode line : lines(journal)) {
            for (JsonNode document : line.path("documents")) {
                if (document.path("judgement").isObject()) {
                    judgements.put(document.path("id").asString(""), document.path("judgement"));
                }
            }
        }
        return judgements;
    }

    /** From question and scoring to the measure's value; lines are question, system, measure and value. */
    private static Map<String, Map<String, Double>> perQuery(Path file) {
        Map<String, Map<String, Double>> values = new LinkedHashMap<>();
        for (String line : text(file)) {
            String[] cells = line.split("\t", -1);
            if (cells.length == 4 && cells[2].equals(MEASURE) && cells[1].contains(", ")) {
                String scoring = cells[1].substring(cells[1].indexOf(", ") + 2);
                values.computeIfAbsent(cells[0], question -> new HashMap<>())
                        .put(scoring, Double.parseDouble(cells[3]));
            }
        }
        return values;
    }

    private static List<JsonNode> lines(Path file) {
        try {
            return text(file).stream().map(JSON::readTree).toList();
        } catch (JacksonException e) {
            throw new InvalidInputException(file + ": is damaged; delete it and run whyrank lab again", e);
        }
    }

    private static List<String> text(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new InvalidInputException(file + ": cannot be read; run whyrank lab with this --out first", e);
        }
    }
}
