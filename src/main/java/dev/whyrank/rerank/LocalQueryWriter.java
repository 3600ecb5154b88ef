package dev.whyrank.rerank;

import dev.whyrank.generate.Priority;
import dev.whyrank.generate.SamplingPolicy;
import dev.whyrank.generate.SequenceRequest;
import dev.whyrank.generate.StopRule;
import dev.whyrank.tokenize.ChatWrapper;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Writes queries with the language model that judges, on its engine; a question is admitted, drained and closed with
 * the reranker's requests and uses its workers.
 */
public final class LocalQueryWriter implements QueryWriter {

    private static final int LONGEST_ANSWER = 256;
    private static final int CHARACTERS_PER_TOKEN = 3;

    private final LocalReranker host;
    private final Voice voice;
    private final int newTokens;

    /**
     * A model that can be asked.
     *
     * @param generator the engine's submit method
     * @param slotLength positions of one of the model's slots
     * @param stopTokens what ends an answer, such as the end of a turn
     * @param chat what stands around a user's turn
     */
    public record Voice(
            GenerativeJudge.Generator generator,
            TokenCodec codec,
            int slotLength,
            Set<Integer> stopTokens,
            ChatWrapper chat) {

        public Voice {
            stopTokens = Set.copyOf(stopTokens);
        }
    }

    /** Writes with a model under the rules of a reranker. */
    public LocalQueryWriter(LocalReranker host, Voice voice) {
        this.host = host;
        this.voice = voice;
        // Half of a short slot, or nothing would be left for the question.
        this.newTokens = Math.min(LONGEST_ANSWER, voice.slotLength() / 2);
    }

    @Override
    public Reranker.Handle write(QueryRequest request, Listener listener) {
        QueryRun run = host.admit(
                Priority.INTERACTIVE,
                () -> estimateTokens(request),
                around -> new QueryRun(request, voice.codec(), listener, around));
        run.begin(() -> voice.generator().submit(List.of(sequence(request, run)), 0, Priority.INTERACTIVE));
        return run;
    }

    private long estimateTokens(QueryRequest request) {
        if (Characters.blank(request.question())) {
            throw new RerankException(ErrorCode.INVALID_REQUEST, "the question is blank; ask something");
        }
        long prompt = QueryPrompt.words(request.question()).length() / CHARACTERS_PER_TOKEN;
        return Math.min(voice.slotLength(), prompt + newTokens);
    }

    private SequenceRequest sequence(QueryRequest request, QueryRun run) {
        TokenCodec codec = voice.codec();
        int[] before = codec.encodeMarkup(voice.chat().before());
        int[] after = codec.encodeMarkup(voice.chat().after());
        int room = voice.slotLength() - newTokens - before.length - after.length;
        int[] words = Opening.of(QueryPrompt.words(request.question()), Math.max(0, room) + 1, codec);
        if (words.length > room) {
            throw new RerankException(
                    ErrorCode.CONTEXT_LENGTH_EXCEEDED, "the question is too long for the model: shorten it");
        }
        int[] prompt =
                Stream.of(before, words, after).flatMapToInt(IntStream::of).toArray();
        StopRule stop = new StopRule(voice.stopTokens(), List.of(QueryPrompt.STOP));
        return new SequenceRequest(prompt, newTokens, new int[0], SamplingPolicy.GREEDY, stop, run);
    }
}
