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
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/** How a teacher is asked, and what of its answers can be used. Pure. */
final class Teacher {

    private static final PromptFormat FORMAT = PromptFormat.interankBase(new ChatWrapper("", ""));

    /** How models decline that do not say so by other means. */
    private static final Pattern DECLINES = Pattern.compile(
            "(?i)\\s*(i'?m sorry|i am sorry|sorry|i can(?:no|')t|i can ?not|i'?m unable|i am unable|as an ai)\\b.*",
            Pattern.DOTALL);

    private final ChatEndpoint endpoint;
    private final AnnotationSettings settings;

    Teacher(ChatEndpoint endpoint, AnnotationSettings settings) {
        this.endpoint = endpoint;
        this.settings = settings;
    }

    /**
     * What to ask.
     *
     * @param key the same for the same words to the same teacher
     */
    record Question(String key, ChatRequest request) {}

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

    Question relevance(String question, String document) {
        return question(FORMAT.words(question, null, Characters.prefix(document, settings.documentCharacters())));
    }

    boolean cuts(String document) {
        return document.length() > settings.documentCharacters();
    }

    Question queries(String question) {
        return question(QueryPrompt.words(question));
    }

    private Question question(String words) {
        ChatRequest request = new ChatRequest(
                List.of(ChatRequest.Message.user(words)), List.of(QueryPrompt.STOP), settings.maxTokens(), 0, null);
        return new Question(hash(endpoint.model() + "\n" + words), request);
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
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
            return Reading.rejected(reason(paid));
        }
        return new Reading(answer.label(), answer.explanation().strip(), List.of(), "");
    }

    private static Reading queries(Paid paid) {
        List<String> queries = QueryPrompt.parse(paid.text(), QueryWriter.MOST);
        return queries.isEmpty() ? Reading.rejected(reason(paid)) : new Reading(0, "", queries, "");
    }

    private static String reason(Paid paid) {
        if (paid.finish().equals("length")) {
            return "cut";
        }
        return DECLINES.matcher(paid.text()).matches() ? "refused" : "unparsable";
    }
}
