package dev.whyrank.rerank;

import dev.whyrank.model.InvalidInputException;
import dev.whyrank.tokenize.ChatWrapper;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * How a kind of model is asked and how its answer is read. A prompt is markup before, plain text, markup after; only
 * the markup may become special tokens.
 */
public final class PromptFormat {

    private static final String GRADES = "(0: irrelevant, 1: partially relevant, 2: relevant)";
    private static final String EXPLAIN =
            "Explain whether the following document is relevant or not to the given question.{instruction}"
                    + " Then end your response with a relevance label " + GRADES + " and the symbol '##'. ";
    private static final String EXPLAIN_SHAPE =
            "Your response should have this format: '<explanation>\nRelevance Label: <label> ##'. ";
    private static final String LABEL =
            "Rate the relevance of the following document to the given question using these labels " + GRADES
                    + ".{instruction} Your response should have this format: 'Relevance Label: <label> ##'. ";
    private static final String PAIR = "Question: {query}\nDocument: {document}";

    private final String name;
    private final ChatWrapper wrapper;
    private final Template template;
    private final String instructionLead;
    private final String defaultInstruction;
    private final LabelGrammar grammar;
    private final List<String> stops;
    private final String forcedText;
    private final boolean explains;

    private PromptFormat(
            String name,
            ChatWrapper wrapper,
            Template template,
            String instructionLead,
            String defaultInstruction,
            LabelGrammar grammar,
            List<String> stops,
            String forcedText,
            boolean explains) {
        this.name = name;
        this.wrapper = wrapper;
        this.template = template;
        this.instructionLead = instructionLead;
        this.defaultInstruction = defaultInstruction;
        this.grammar = grammar;
        this.stops = List.copyOf(stops);
        this.forcedText = forcedText;
        this.explains = explains;
    }

    /**
     * A prompt without its document.
     *
     * @param before markup
     * @param head plain text up to the document
     * @param tail plain text after the document
     * @param after markup
     */
    record Frame(String before, String head, String tail, String after) {}

    /** Explanation, then label, for a model that was tuned to do so. */
    public static PromptFormat interankExplain(ChatWrapper chat) {
        return interank("interank", chat, EXPLAIN + PAIR, "\n\nRelevance Label: ", true);
    }

    /** Explanation, then label, for a model that has to be told the shape of its answer. */
    public static PromptFormat interankBase(ChatWrapper chat) {
        return interank("interank-base", chat, EXPLAIN + EXPLAIN_SHAPE + PAIR, "\n\nRelevance Label: ", true);
    }

    /** The label at once. */
    public static PromptFormat interankLabel(ChatWrapper chat) {
        return interank("interank-label", chat, LABEL + PAIR, "Relevance Label: ", false);
    }

    private static PromptFormat interank(
            String name, ChatWrapper chat, String template, String forcedText, boolean explains) {
        return new PromptFormat(
                name,
                chat,
                new Template(template),
                " ",
                "",
                LabelGrammar.INTERANK,
                List.of(" ##"),
                forcedText,
                explains);
    }

    /** A raw completion that thinks, closes its thought and says true or false. */
    public static PromptFormat rank1(ChatWrapper raw) {
        LabelGrammar grammar = new LabelGrammar(
                LabelSet.binary("false", "true"),
                Pattern.compile("</think>"),
                Pattern.compile("true|false"),
                null,
                null,
                false);
        String text = "Determine if the following passage is relevant to the query."
                + " Answer only with 'true' or 'false'.{instruction}\nQuery: {query}\nPassage: {document}\n";
        return new PromptFormat(
                "rank1",
                new ChatWrapper(raw.before(), raw.after() + "<think>"),
                new Template(text),
                " ",
                "",
                grammar,
                List.of("</think> true", "</think> false"),
                "\n</think> ",
                true);
    }

    /** One step: yes or no. */
    public static PromptFormat qwen3Reranker() {
        LabelGrammar grammar = new LabelGrammar(
                LabelSet.binary("no", "yes"), Pattern.compile("\\A"), Pattern.compile("yes|no"), null, null, false);
        ChatWrapper wrapper = new ChatWrapper(
                "<|im_start|>system\nJudge whether the Document meets the requirements based on the Query and the"
                        + " Instruct provided. Note that the answer can only be \"yes\" or \"no\".<|im_end|>\n"
                        + "<|im_start|>user\n",
                "<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n");
        return new PromptFormat(
                "qwen3-reranker",
                wrapper,
                new Template("<Instruct>: {instruction}\n<Query>: {query}\n<Document>: {document}"),
                "",
                "Given a web search query, retrieve relevant passages that answer the query",
                grammar,
                List.of(),
                "",
                false);
    }

    /**
     * What an operator writes to serve a model of another kind.
     *
     * @param template the user's turn, with {@code {query}}, {@code {document}} and {@code {instruction}}
     * @param stops strings that end the answer
     * @param marker a regular expression: what stands between explanation and label
     * @param label a regular expression: the label's spelling, after the marker
     * @param labels the label set; labels of one token each give probabilities
     * @param forcedText appended when the answer is cut before its label, the marker included
     * @param explains whether the model writes before it labels
     */
    public record Generic(
            String template,
            List<String> stops,
            String marker,
            String label,
            LabelSet labels,
            String forcedText,
            boolean explains) {}

    /**
     * A format from configuration.
     *
     * @throws InvalidInputException if the template or a pattern cannot be used
     */
    public static PromptFormat generic(ChatWrapper chat, Generic settings) {
        if (settings.stops().contains("")) {
            throw new InvalidInputException("prompt format: a stop string is empty; leave it out");
        }
        LabelGrammar grammar = new LabelGrammar(
                settings.labels(),
                pattern("marker", settings.marker()),
                pattern("label", settings.label()),
                null,
                null,
                false);
        return new PromptFormat(
                "generic",
                chat,
                new Template(settings.template()),
                "",
                "",
                grammar,
                settings.stops(),
                settings.forcedText(),
                settings.explains());
    }

    private static Pattern pattern(String field, String regex) {
        try {
            return Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            throw new InvalidInputException(
                    "prompt format: " + field + " is not a regular expression (" + e.getDescription() + "): " + regex,
                    e);
        }
    }

    /** Everything around the document. */
    Frame frame(String query, @Nullable String instruction) {
        String sentence = instruction == null || instruction.isBlank()
                ? defaultInstruction
                : instructionLead + instruction.strip();
        return new Frame(
                wrapper.before(), template.head(query, sentence), template.tail(query, sentence), wrapper.after());
    }

    /** The user's turn as words, for a model that puts its own markup around them. */
    public String words(String query, @Nullable String instruction, String document) {
        Frame frame = frame(query, instruction);
        return frame.head() + document + frame.tail();
    }

    /** The name in configuration. */
    public String name() {
        return name;
    }

    /** How the answer is read. */
    public LabelGrammar grammar() {
        return grammar;
    }

    /** Strings that end the answer. */
    public List<String> stops() {
        return stops;
    }

    /** Our words between a cut explanation and its label, up to where the label's name is appended. */
    public String forcedText() {
        return forcedText;
    }

    /** Whether the model writes before it labels; otherwise the label is read at once. */
    public boolean explains() {
        return explains;
    }
}
