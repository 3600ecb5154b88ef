package dev.whyrank.rerank;

import dev.whyrank.fuzz.Corpus;
import dev.whyrank.fuzz.Fuzzed;
import dev.whyrank.tokenize.ChatWrapper;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ArgumentsSource;

/** Any bytes as an answer, the first of them saying where it is split: the pieces must read as the whole does. */
public class JudgementFuzzTest {

    private static final ChatWrapper CHAT = new ChatWrapper("", "");
    private static final int[] DIGITS = {'0', '1', '2'};
    private static final List<LabelGrammar> GRAMMARS = List.of(
            LabelGrammar.INTERANK,
            PromptFormat.rank1(CHAT).grammar(),
            PromptFormat.qwen3Reranker().grammar(),
            PromptFormat.generic(
                            CHAT,
                            new PromptFormat.Generic(
                                    "{query}{document}",
                                    List.of(),
                                    "(?i)score:\\s*",
                                    "(\\d)?(?:/2)",
                                    LabelSet.GRADED,
                                    "",
                                    true))
                    .grammar());

    /** An answer as it was read. */
    private record Answer(String shown, JudgementParser.Verdict verdict) {}

    public static void fuzzerTestOneInput(byte[] input) {
        int seed = input.length == 0 ? 0 : input[0];
        byte[] text = Arrays.copyOfRange(input, Math.min(1, input.length), input.length);
        Fuzzed.inTime(() -> GRAMMARS.forEach(grammar -> check(grammar, text, seed)));
    }

    private static void check(LabelGrammar grammar, byte[] text, int seed) {
        boolean cut = seed < 0;
        Answer whole = read(grammar, List.of(text), cut);
        Answer split = read(grammar, pieces(text, new Random(seed)), cut);
        require(whole.verdict().index() == split.verdict().index(), "another label", whole, split);
        require(whole.verdict().source() == split.verdict().source(), "another source", whole, split);
        require(whole.verdict().explanation().equals(split.verdict().explanation()), "other words", whole, split);
        require(split.shown().equals(split.verdict().explanation()), "shown otherwise", whole, split);
        int index = whole.verdict().index();
        require(index >= 0 && index < grammar.labels().size(), "no label of the set", whole, split);
        if (grammar.equals(LabelGrammar.INTERANK) && !cut) {
            WholeTextReading plain = WholeTextReading.of(Fuzzed.text(text));
            require(plain.explanation().equals(whole.verdict().explanation()), plain.explanation(), whole, split);
            require(plain.label() == index, "label " + plain.label(), whole, split);
            require(plain.source() == whole.verdict().source(), "source " + plain.source(), whole, split);
        }
    }

    private static Answer read(LabelGrammar grammar, List<byte[]> pieces, boolean cut) {
        JudgementParser parser = new JudgementParser(grammar, DIGITS, pieces::get);
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < pieces.size(); i++) {
            shown.append(parser.accept(i, new float[] {-1f, Float.NaN, -2f}));
        }
        parser.labelled();
        JudgementParser.Verdict verdict = parser.finish(cut, new float[0]);
        return new Answer(shown.append(verdict.rest()).toString(), verdict);
    }

    private static List<byte[]> pieces(byte[] text, Random random) {
        List<byte[]> pieces = new ArrayList<>();
        for (int at = 0; at < text.length; ) {
            int next = Math.min(text.length, at + random.nextInt(9));
            pieces.add(Arrays.copyOfRange(text, at, next));
            at = next;
        }
        return pieces;
    }

    private static void require(boolean holds, String otherwise, Answer whole, Answer split) {
        if (!holds) {
            throw new AssertionError(otherwise + ": " + whole + " and " + split);
        }
    }

    @ParameterizedTest
    @ArgumentsSource(Corpus.class)
    void standsItsCorpus(byte[] input) {
        fuzzerTestOneInput(input);
    }
}
