package dev.whyrank.train.tuning;

import dev.whyrank.checkpoint.Checkpoint;
import dev.whyrank.model.InvalidInputException;
import dev.whyrank.rerank.GenerativeJudge.Asking;
import dev.whyrank.rerank.PromptFormat;
import dev.whyrank.rerank.RerankException;
import dev.whyrank.rerank.ServedPrompts;
import dev.whyrank.rerank.TokenCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Turns records into examples, in the words and tokens in which the model will be served. */
public final class ExampleMaker {

    /** What a model can be taught. */
    public enum Task {
        /** Explanation, then label. */
        EXPLAIN,
        /** The label at once. */
        LABEL,
        /** Search queries for a question. */
        QUERIES
    }

    private final TokenCodec codec;
    private final ServedPrompts prompts;
    private final Asking explaining;
    private final Asking labelling;
    private final int room;

    /**
     * Makes examples for a model.
     *
     * @param room most tokens of an example; a document is cut until its example fits
     */
    public ExampleMaker(Checkpoint checkpoint, int room) {
        this.codec = TokenCodec.of(checkpoint.tokenizer());
        this.prompts = new ServedPrompts(codec, checkpoint.chat());
        this.explaining = Asking.of(PromptFormat.interankExplain(checkpoint.chat()), checkpoint.tokenizer());
        this.labelling = Asking.of(PromptFormat.interankLabel(checkpoint.chat()), checkpoint.tokenizer());
        this.room = room;
    }

    /** How a task about a document is asked and its labels spelt. */
    public Asking asking(Task task) {
        return task == Task.LABEL ? labelling : explaining;
    }

    /**
     * All examples of records, in their order.
     *
     * @throws InvalidInputException if a question leaves no room for its document, or an explanation is missing
     */
    public List<Example> of(List<TrainingRecord> records, Set<Task> tasks) {
        List<Example> examples = new ArrayList<>();
        for (TrainingRecord record : records) {
            for (TrainingRecord.Judged document : record.documents()) {
                for (Task task : tasks) {
                    if (task != Task.QUERIES) {
                        examples.add(judgement(task, record.question(), document));
                    }
                }
            }
            if (tasks.contains(Task.QUERIES) && !record.queries().isEmpty()) {
                queries(record.question(), record.queries()).ifPresent(examples::add);
            }
        }
        if (examples.isEmpty()) {
            throw new InvalidInputException(
                    "the records hold nothing to learn for " + tasks + "; annotate them first, or choose other tasks");
        }
        return examples;
    }

    /** One judgement. */
    public Example judgement(Task task, String question, TrainingRecord.Judged document) {
        if (task == Task.EXPLAIN && document.explanation().isBlank()) {
            throw new InvalidInputException("a document of the question \"" + shortened(question)
                    + "\" has a label and no explanation; annotate it, or train with --tasks label");
        }
        Asking asking = asking(task);
        int[] answer = codec.encodeText(
                ServedPrompts.relevanceAnswer(asking.format(), document.explanation(), document.label()));
        return new Example(
                prompt(task, question, document.text(), answer.length),
                answer,
                1,
                lastOf(answer, asking.labels().ids()[document.label()]));
    }

    /** The prompt about a document, with room left for an answer. */
    public int[] prompt(Task task, String question, String document, int answerLength) {
        try {
            return prompts.relevance(asking(task).format(), question, document, room - answerLength);
        } catch (RerankException e) {
            throw new InvalidInputException(
                    "the question \"" + shortened(question) + "\": " + e.getMessage() + "; or raise --max-length", e);
        }
    }

    /** A list of queries; nothing if the question and the list are too long. */
    public Optional<Example> queries(String question, List<String> queries) {
        int[] prompt = prompts.queries(question);
        int[] answer = codec.encodeText(ServedPrompts.queriesAnswer(queries));
        return prompt.length + answer.length <= room
                ? Optional.of(new Example(prompt, answer, 1, -1))
                : Optional.empty();
    }

    /**
     * The prompt for queries, with room left for an answer.
     *
     * @throws InvalidInputException if the question leaves none
     */
    public int[] queriesPrompt(String question, int answerLength) {
        int[] prompt = prompts.queries(question);
        if (prompt.length + answerLength > room) {
            throw new InvalidInputException("the question \"" + shortened(question)
                    + "\" is too long to be answered with queries; raise --max-length or shorten it");
        }
        return prompt;
    }

    private static int lastOf(int[] tokens, int wanted) {
        for (int i = tokens.length - 1; i >= 0; i--) {
            if (tokens[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    private static String shortened(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "…";
    }
}
