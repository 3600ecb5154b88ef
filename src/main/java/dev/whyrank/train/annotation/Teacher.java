package dev.whyrank.train.annotation;

import dev.whyrank.rerank.Characters;
import dev.whyrank.rerank.Judgement.LabelSource;
import dev.whyrank.rerank.PromptFormat;
import dev.whyrank.rerank.QueryPrompt;
import dev.whyrank.rerank.QueryWriter;
import dev.whyrank.rerank.ReadAnswer;
import dev.whyrank.rerank.remote.ChatEndpoint;
import dev.whyrank.rerank.remote.ChatRequest;
import dev.whyrank.tokenize.ChatWrapper;
import dev.whyrank.train.paid.Paid;
import dev.whyrank.train.paid.PaidQuestion;
import java.util.List;

/** How a teacher is asked, and what of its answers can be used. Pure. */
final class Teacher {

    private static final PromptFormat FORMAT = PromptFormat.interankBase(new ChatWrapper("", ""));

    private final ChatEndpoint endpoint;
    private final AnnotationSettings settings;

    Teacher(ChatEndpoint endpoint, AnnotationSettings settings) {
        this.endpoint = endpoint;
        this.settings = settings;
    }

    /**
     * What of an answer can be used.
     *
     * @param queries for {@link Task#QUERIES}
     * @param reason why nothing can be used; empty if something can
     */
    record Reading(int label, String explanation, List<String> queries, String reason) {

        static Reading rejected(String reason) {
            return new Reading(0, "", List.of(), reason);
        }
    }

    PaidQuestion relevance(String question, String document) {
        return question(FORMAT.words(question, null, Characters.prefix(document, settings.documentCharacters())));
    }

    boolean cuts(String document) {
        return document.length() > settings.documentCharacters();
    }

    PaidQuestion queries(String question) {
        return question(QueryPrompt.words(question));
    }

    private PaidQuestion question(String words) {
        return PaidQuestion.of(
                endpoint, List.of(ChatRequest.Message.user(words)), List.of(QueryPrompt.STOP), settings.maxTokens());
    }

    Reading read(Task task, Paid paid) {
        if (!paid.refusal().isEmpty()) {
            return Reading.rejected(paid.refusal());
        }
        return task == Task.EXPLAIN ? relevance(paid) : queries(paid);
    }

    private static Reading relevance(Paid paid) {
        ReadAnswer answer = ReadAnswer.of(FORMAT, paid.text());
        if (answer.source() != LabelSource.STATED || answer.explanation().isBlank()) {
            return Reading.rejected(paid.whyUnusable());
        }
        return new Reading(answer.label(), answer.explanation().strip(), List.of(), "");
    }

    private static Reading queries(Paid paid) {
        List<String> queries = QueryPrompt.parse(paid.text(), QueryWriter.MOST);
        return queries.isEmpty() ? Reading.rejected(paid.whyUnusable()) : new Reading(0, "", queries, "");
    }
}
