package dev.whyrank.rerank;

import dev.whyrank.rerank.Judgement.Ending;
import dev.whyrank.rerank.Judgement.Usage;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;

/**
 * One answer that arrives as pieces of text, from a model elsewhere, read by the parser of the models that run here.
 * Owned by one thread at a time.
 */
public final class WrittenAnswer {

    private final LabelGrammar grammar;
    private final JudgementParser parser;
    private byte[] piece = {};

    /** An answer to a question in this format. */
    public WrittenAnswer(PromptFormat format) {
        grammar = format.grammar();
        int[] places = IntStream.range(0, grammar.labels().size()).toArray();
        parser = new JudgementParser(grammar, places, token -> piece);
    }

    /**
     * What was read.
     *
     * @param rest the last piece of the explanation
     */
    public record Read(String rest, Judgement judgement) {}

    /**
     * Takes the next piece, best one token of the model.
     *
     * @param piece UTF-8, which may begin or end within a character
     * @param labelLogProbabilities what was written here instead with which probability, for each label; or none
     * @return the next piece of the explanation, possibly empty
     */
    public String accept(byte[] piece, float[] labelLogProbabilities) {
        this.piece = piece;
        int label = grammar.labels().indexOfName(new String(piece, StandardCharsets.UTF_8).strip());
        return parser.accept(label < 0 ? grammar.labels().size() : label, labelLogProbabilities);
    }

    /** Whether the label stands already where it belongs. */
    public boolean labelled() {
        return parser.labelled();
    }

    /**
     * Ends the answer.
     *
     * @param demanded log probabilities of the labels that was asked for when the answer was cut, or none
     */
    public Read finish(Ending ending, float[] demanded, boolean truncated, Usage usage) {
        JudgementParser.Verdict verdict = parser.finish(ending != Ending.STOP, demanded);
        return new Read(verdict.rest(), Judgements.read(verdict, grammar.labels(), ending, truncated, usage));
    }
}
