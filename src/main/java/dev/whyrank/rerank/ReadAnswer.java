package dev.whyrank.rerank;

import dev.whyrank.rerank.Judgement.LabelSource;
import java.nio.charset.StandardCharsets;

/**
 * A whole answer, read as serving reads it.
 *
 * @param explanation the text without label marker
 * @param label an element of the format's label set
 * @param source how the label was found
 */
public record ReadAnswer(String explanation, int label, LabelSource source) {

    /** Reads what a model that was asked in this format wrote. */
    public static ReadAnswer of(PromptFormat format, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        JudgementParser parser = new JudgementParser(format.grammar(), new int[0], token -> bytes);
        // What it gives is in the verdict, too.
        var unused = parser.accept(0, new float[0]);
        JudgementParser.Verdict verdict = parser.finish(false, new float[0]);
        return new ReadAnswer(
                verdict.explanation(), format.grammar().labels().values().get(verdict.index()), verdict.source());
    }
}
