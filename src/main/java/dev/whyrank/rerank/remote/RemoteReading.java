package dev.whyrank.rerank.remote;

import dev.whyrank.rerank.Judgement;
import dev.whyrank.rerank.Judgement.Ending;
import dev.whyrank.rerank.Judgement.LabelSource;
import dev.whyrank.rerank.LabelSet;
import dev.whyrank.rerank.PromptFormat;
import dev.whyrank.rerank.WrittenAnswer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the chunks of one call. Owned by one thread at a time. */
final class RemoteReading {

    private static final float[] UNKNOWN = {};

    private final PromptFormat format;
    private final WrittenAnswer answer;
    private final TokenAligner aligner = new TokenAligner();
    private final List<TokenAligner.Piece> pieces = new ArrayList<>();
    private @Nullable ChatUsage usage;
    private @Nullable String finish;

    RemoteReading(PromptFormat format) {
        this.format = format;
        this.answer = new WrittenAnswer(format);
    }

    /** Takes a chunk; gives the next piece of the explanation, possibly empty. */
    String accept(ChatChunk chunk) {
        usage = chunk.usage() == null ? usage : chunk.usage();
        finish = chunk.finish() == null ? finish : chunk.finish();
        return read(aligner.accept(chunk));
    }

    /** No chunk follows. */
    String end() {
        return read(aligner.end());
    }

    private String read(List<TokenAligner.Piece> next) {
        StringBuilder shown = new StringBuilder();
        for (TokenAligner.Piece piece : next) {
            pieces.add(piece);
            shown.append(answer.accept(piece.bytes(), labels(piece.alternatives())));
        }
        return shown.toString();
    }

    /** Each label's best spelling; a label that is not among the alternatives counts as impossible. */
    private float[] labels(Map<String, Double> alternatives) {
        LabelSet labels = format.grammar().labels();
        float[] best = new float[labels.size()];
        Arrays.fill(best, Float.NEGATIVE_INFINITY);
        boolean any = false;
        for (Map.Entry<String, Double> alternative : alternatives.entrySet()) {
            int place = labels.names().indexOf(alternative.getKey().strip());
            if (place >= 0) {
                best[place] = Math.max(best[place], alternative.getValue().floatValue());
                any = true;
            }
        }
        return any ? best : UNKNOWN;
    }

    /** Whether the model had no room to end. */
    boolean cut() {
        return "length".equals(finish);
    }

    boolean labelled() {
        return answer.labelled();
    }

    /** All words so far. */
    String text() {
        // A character may be in several pieces.
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        pieces.forEach(piece -> text.writeBytes(piece.bytes()));
        return text.toString(StandardCharsets.UTF_8);
    }

    /** What the endpoint counted, or what can be counted here: the pieces that came. */
    ChatUsage usage(int estimatedPrompt) {
        return usage != null ? usage : new ChatUsage(estimatedPrompt, 0, pieces.size());
    }

    WrittenAnswer.Read finish(Ending ending, float[] demanded, boolean truncated, ChatUsage spent) {
        return answer.finish(
                ending, demanded, truncated, new Judgement.Usage(spent.prompt(), spent.cached(), spent.completion()));
    }

    /** Read as the answer to a demand for nothing but the label: each label's log probability, or none. */
    float[] demandedLabel() {
        float[] asWritten = stated(new WrittenAnswer(format));
        if (asWritten.length > 0) {
            return asWritten;
        }
        WrittenAnswer continued = new WrittenAnswer(format);
        continued.accept(format.forcedText().getBytes(StandardCharsets.UTF_8), UNKNOWN);
        return stated(continued);
    }

    private float[] stated(WrittenAnswer again) {
        pieces.forEach(piece -> again.accept(piece.bytes(), labels(piece.alternatives())));
        Judgement read = again.finish(Ending.STOP, UNKNOWN, false, new Judgement.Usage(0, 0, 0))
                .judgement();
        if (read.source() != LabelSource.STATED) {
            return UNKNOWN;
        }
        float[] logs = new float[read.labelProbabilities().size()];
        for (int i = 0; i < logs.length; i++) {
            logs[i] = (float) Math.log(read.labelProbabilities().get(i));
        }
        return logs;
    }
}
