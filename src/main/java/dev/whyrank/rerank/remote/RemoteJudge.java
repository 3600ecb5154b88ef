package dev.whyrank.rerank.remote;

import dev.whyrank.rerank.Characters;
import dev.whyrank.rerank.ErrorCode;
import dev.whyrank.rerank.ExplanationKind;
import dev.whyrank.rerank.Judge;
import dev.whyrank.rerank.LabelSet;
import dev.whyrank.rerank.PromptFormat;
import dev.whyrank.rerank.RerankException;
import dev.whyrank.rerank.RerankRequest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A language model elsewhere that explains and labels. It has no tokenizer here, so lengths are guessed from characters:
 * what {@code document.started} tells of prompts is an estimate, what a judgement tells is what the endpoint counted.
 */
public final class RemoteJudge implements Judge {

    /** Of English text; fewer in most others, so that more tokens than allowed are rare. */
    static final int CHARACTERS_PER_TOKEN = 4;

    private static final int TEMPLATE_TOKENS = 100;

    /** A label and the words around it. */
    private static final int LABEL_TOKENS = 16;

    /** Two spellings of each label and some more; the most that OpenAI gives is 20. */
    private static final int MOST_ALTERNATIVES = 20;

    private final ChatClient client;
    private final Asking asking;
    private final int longestDocument;
    private final Turns turns;

    /**
     * How the model is asked.
     *
     * @param explaining for an explanation and a label
     * @param labelling for the label; may be the same, whose explanation is then not shown
     * @param system what it is told before anything else, or null
     */
    public record Asking(
            PromptFormat explaining,
            PromptFormat labelling,
            @Nullable String system) {}

    /**
     * Judges with a model elsewhere.
     *
     * @param client stays the caller's
     * @param atOnce documents that it is asked about at once, over all requests
     * @param longestDocument characters after which a document is cut
     */
    public RemoteJudge(ChatClient client, Asking asking, int atOnce, int longestDocument) {
        this.client = client;
        this.asking = asking;
        this.longestDocument = longestDocument;
        this.turns = new Turns(atOnce);
    }

    @Override
    public ExplanationKind kind() {
        return ExplanationKind.REASONING;
    }

    @Override
    public LabelSet labels() {
        return asking.explaining().grammar().labels();
    }

    /** An endpoint that refuses to be asked at temperature 0 samples. */
    @Override
    public boolean reproducible() {
        return client.greedy();
    }

    @Override
    public long estimateTokens(RerankRequest request) {
        RerankRequest.Options options = request.options();
        int count = request.candidates().size();
        long explained = options.explain() ? Math.min(count, options.explainTopN()) : 0;
        long passes = explained > 0 && explained < count ? 2 : 1;
        String instruction = options.instruction();
        long prompt = TEMPLATE_TOKENS + tokens(request.query()) + (instruction == null ? 0 : tokens(instruction));
        long documents = request.candidates().stream()
                .mapToLong(candidate -> tokens(cut(candidate.text(), options)))
                .sum();
        return passes * (prompt * count + documents) + explained * options.maxExplanationTokens();
    }

    private static long tokens(String text) {
        return text.length() / CHARACTERS_PER_TOKEN + 1L;
    }

    private String cut(String text, RerankRequest.Options options) {
        long allowed = (long) CHARACTERS_PER_TOKEN * options.maxDocumentTokens();
        return Characters.prefix(text, (int) Math.min(longestDocument, allowed));
    }

    @Override
    public Judging judge(Task task, Listener listener) {
        if (!task.request().options().truncate()) {
            task.indices().forEach(index -> requireUncut(task, index));
        }
        RemoteRun run = new RemoteRun(task, listener, index -> document(task, index, listener), turns);
        run.begin();
        return run;
    }

    private void requireUncut(Task task, int index) {
        String text = task.request().candidates().get(index).text();
        String cut = cut(text, task.request().options());
        if (cut.length() < text.length()) {
            throw new RerankException(
                    ErrorCode.CONTEXT_LENGTH_EXCEEDED,
                    "documents[" + index + "] is longer than " + cut.length()
                            + " characters: shorten it or allow truncation");
        }
    }

    private RemoteDocument document(Task task, int index, Listener listener) {
        RerankRequest request = task.request();
        PromptFormat format = task.explain() ? asking.explaining() : asking.labelling();
        String text = request.candidates().get(index).text();
        String cut = cut(text, request.options());
        String words = format.words(request.query(), request.options().instruction(), cut);
        List<ChatRequest.Message> messages = new ArrayList<>();
        if (asking.system() != null) {
            messages.add(ChatRequest.Message.system(asking.system()));
        }
        messages.add(ChatRequest.Message.user(words));
        int explanation = format.explains() ? request.options().maxExplanationTokens() : 0;
        int alternatives = Math.min(MOST_ALTERNATIVES, 2 * labels().size() + 2);
        ChatRequest question =
                new ChatRequest(messages, format.stops(), explanation + LABEL_TOKENS, alternatives, null);
        RemoteDocument.Question asked = new RemoteDocument.Question(
                index, format, question, task.explain(), Math.toIntExact(tokens(words)), cut.length() < text.length());
        return new RemoteDocument(asked, client, task.mailbox(), listener);
    }
}
