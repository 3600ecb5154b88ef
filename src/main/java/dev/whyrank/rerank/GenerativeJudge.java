package dev.whyrank.rerank;

import dev.whyrank.generate.GenerationTicket;
import dev.whyrank.generate.Priority;
import dev.whyrank.generate.SamplingPolicy;
import dev.whyrank.generate.SequenceRequest;
import dev.whyrank.generate.StopRule;
import dev.whyrank.model.InvalidInputException;
import dev.whyrank.tokenize.LabelCodes;
import dev.whyrank.tokenize.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A language model that explains and labels. Prompts are made on the calling worker; answers are read in the request's
 * mailbox, to which the engine's thread only hands token ids.
 */
public final class GenerativeJudge implements Judge {

    private static final int CHARACTERS_PER_TOKEN = 3;
    private static final int TEMPLATE_TOKENS = 100;

    private final Generator generator;
    private final TokenCodec codec;
    private final int slotLength;
    private final Set<Integer> stopTokens;
    private final Asking explaining;
    private final Asking labelling;

    /** Takes a request's sequences, all or none; the engine's submit method. */
    @FunctionalInterface
    public interface Generator {

        GenerationTicket submit(List<SequenceRequest> sequences, int sharedPrefix, Priority priority);
    }

    /**
     * A format, and its labels in the model's tokens.
     *
     * @param labels the forced continuation, possibly empty, and the label ids, which must be the model's own
     */
    public record Asking(PromptFormat format, LabelCodes labels) {

        /**
         * Finds the labels in a tokenizer, as they stand in this format's answers.
         *
         * @throws InvalidInputException if a label takes several tokens
         */
        public static Asking of(PromptFormat format, Tokenizer tokenizer) {
            String written = format.explains() ? LabelCodes.EXPLANATION : "";
            List<String> names = format.grammar().labels().names();
            return new Asking(format, LabelCodes.find(tokenizer, written, format.forcedText(), names));
        }
    }

    /**
     * Judges with a model.
     *
     * @param slotLength positions of one of the model's slots
     * @param stopTokens what ends an answer, such as the end of a turn
     * @param explaining asks for an explanation and a label
     * @param labelling asks for the label alone; may be the same as {@code explaining}
     * @throws InvalidInputException if the two spell their labels with different tokens: a model reports one set
     */
    public GenerativeJudge(
            Generator generator,
            TokenCodec codec,
            int slotLength,
            Set<Integer> stopTokens,
            Asking explaining,
            Asking labelling) {
        if (!Arrays.equals(explaining.labels().ids(), labelling.labels().ids())) {
            throw new InvalidInputException("prompt formats "
                    + explaining.format().name() + " and " + labelling.format().name()
                    + " need the same label tokens; choose formats that belong together");
        }
        this.generator = generator;
        this.codec = codec;
        this.slotLength = slotLength;
        this.stopTokens = Set.copyOf(stopTokens);
        this.explaining = explaining;
        this.labelling = labelling;
    }

    @Override
    public ExplanationKind kind() {
        return ExplanationKind.REASONING;
    }

    @Override
    public LabelSet labels() {
        return explaining.format().grammar().labels();
    }

    @Override
    public long estimateTokens(RerankRequest request) {
        RerankRequest.Options options = request.options();
        int count = request.candidates().size();
        long explained = options.explain() ? Math.min(count, options.explainTopN()) : 0;
        long documents = request.candidates().stream()
                .mapToLong(candidate ->
                        Math.min(Math.min(slotLength, options.maxDocumentTokens()), tokens(candidate.text())))
                .sum();
        long passes = explained > 0 && explained < count ? 2 : 1;
        String instruction = options.instruction();
        long prefix = TEMPLATE_TOKENS + tokens(request.query()) + (instruction == null ? 0 : tokens(instruction));
        return passes * prefix + documents + explained * newTokens(explaining, options);
    }

    private static long tokens(String text) {
        return text.length() / CHARACTERS_PER_TOKEN + 1L;
    }

    /** An explanation never takes more than half of a slot, or nothing would be left to explain. */
    private int newTokens(Asking asking, RerankRequest.Options options) {
        return asking.format().explains() ? Math.min(options.maxExplanationTokens(), slotLength / 2) : 0;
    }

    @Override
    public Judging judge(Task task, Listener listener) {
        Asking asking = task.explain() ? explaining : labelling;
        RerankRequest.Options options = task.request().options();
        int newTokens = task.explain() ? newTokens(asking, options) : 0;
        List<PromptTokens.Prompt> prompts = prompts(task, asking, newTokens);
        List<SequenceRequest> sequences = new ArrayList<>();
        for (int i = 0; i < prompts.size(); i++) {
            AnswerReader reader = new AnswerReader(
                    task.indices().get(i),
                    new JudgementParser(
                            asking.format().grammar(), asking.labels().ids(), codec),
                    asking.format().grammar().labels(),
                    newTokens > 0,
                    prompts.get(i).truncated(),
                    listener,
                    task.mailbox());
            sequences.add(sequence(asking, prompts.get(i).tokens(), newTokens, reader));
        }
        GenerationTicket ticket = generator.submit(
                sequences, sharedPrefix(sequences), task.request().handling().priority());
        return new Submitted(ticket, warnings(task, newTokens));
    }

    private List<PromptTokens.Prompt> prompts(Task task, Asking asking, int newTokens) {
        RerankRequest request = task.request();
        RerankRequest.Options options = request.options();
        PromptTokens tokens = new PromptTokens(
                codec,
                asking.format().frame(request.query(), options.instruction()),
                slotLength - newTokens - asking.labels().forced().length,
                options.maxDocumentTokens());
        List<PromptTokens.Prompt> prompts = new ArrayList<>();
        for (int index : task.indices()) {
            if (task.abandoned().getAsBoolean()) {
                throw new RerankException(ErrorCode.CANCELLED, "the request was cancelled");
            }
            PromptTokens.Prompt prompt =
                    tokens.of(request.candidates().get(index).text());
            if (prompt.truncated() && !options.truncate()) {
                throw new RerankException(
                        ErrorCode.CONTEXT_LENGTH_EXCEEDED,
                        "documents[" + index + "] is too long for the model: shorten it or allow truncation");
            }
            prompts.add(prompt);
        }
        return prompts;
    }

    /**
     * A label that is read at once is read behind forced tokens; a format without any lends its prompt's last token.
     */
    private SequenceRequest sequence(Asking asking, int[] prompt, int newTokens, AnswerReader reader) {
        int[] forced = asking.labels().forced();
        int[] asked = prompt;
        if (newTokens == 0 && forced.length == 0) {
            asked = Arrays.copyOf(prompt, prompt.length - 1);
            forced = Arrays.copyOfRange(prompt, prompt.length - 1, prompt.length);
        }
        StopRule stop = new StopRule(new HashSet<>(stopTokens), asking.format().stops());
        return new SequenceRequest(asked, newTokens, forced, SamplingPolicy.GREEDY, stop, reader);
    }

    /** At least one token stays each document's own; a single document shares with nobody. */
    private static int sharedPrefix(List<SequenceRequest> sequences) {
        if (sequences.size() == 1) {
            return 0;
        }
        List<int[]> prompts = sequences.stream().map(SequenceRequest::prompt).toList();
        int shortest = prompts.stream().mapToInt(prompt -> prompt.length).min().orElseThrow();
        return Math.min(PromptTokens.commonPrefix(prompts), shortest - 1);
    }

    private static List<String> warnings(Task task, int newTokens) {
        int asked = task.request().options().maxExplanationTokens();
        return newTokens > 0 && newTokens < asked
                ? List.of("max_explanation_tokens lowered from " + asked + " to " + newTokens
                        + ", half of what the model's slots hold")
                : List.of();
    }

    private record Submitted(GenerationTicket ticket, List<String> warnings) implements Judging {

        @Override
        public void cancel() {
            ticket.cancel();
        }

        @Override
        public void conclude() {
            ticket.conclude();
        }
    }
}
