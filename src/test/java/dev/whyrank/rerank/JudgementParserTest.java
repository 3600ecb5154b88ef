package dev.whyrank.rerank;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.rerank.Judgement.LabelSource;
import dev.whyrank.rerank.JudgementParser.Verdict;
import dev.whyrank.tokenize.ChatWrapper;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JudgementParserTest {

    private static final float[] NO_ROW = {};
    private static final int[] DIGITS = {'0', '1', '2'};

    /** Feeds an answer cut into pieces; a token is the place of its piece, so label ids never match. */
    private static final class Feed {
        final List<byte[]> vocabulary = new ArrayList<>();
        final List<String> deltas = new ArrayList<>();
        final JudgementParser parser;

        Feed(LabelGrammar grammar) {
            parser = new JudgementParser(grammar, new int[0], vocabulary::get);
        }

        void piece(byte[] bytes) {
            vocabulary.add(bytes);
            deltas.add(parser.accept(vocabulary.size() - 1, NO_ROW));
        }

        Verdict finish(float... forced) {
            Verdict verdict = parser.finish(forced.length > 0, forced);
            deltas.add(verdict.rest());
            return verdict;
        }

        String shown() {
            return String.join("", deltas);
        }
    }

    private static Verdict whole(String text, float... forced) {
        Feed feed = new Feed(LabelGrammar.INTERANK);
        feed.piece(text.getBytes(StandardCharsets.UTF_8));
        return feed.finish(forced);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'It helps.\n\nRelevance Label: 2 ##'          | It helps.            | 2 | STATED",
                "'It helps. RELEVANCE \n LABEL:1##'            | It helps.            | 1 | STATED",
                "'It helps.\nRelevance Label: 2'               | It helps.            | 2 | STATED",
                "'It helps.\nRelevance Label: 7 ##'            | It helps.            | 0 | DEFAULTED",
                "'It helps.\nRelevance Label: two ##'          | It helps.            | 0 | DEFAULTED",
                "'It helps.\nRelevance Label: ## 2'            | It helps.            | 0 | DEFAULTED",
                "'It is partially relevant.'                   | It is partially relevant. | 1 | INFERRED",
                "'It is Relevant.'                             | It is Relevant.      | 2 | INFERRED",
                "'It is not\nrelevant.'                        | 'It is not\nrelevant.' | 0 | INFERRED",
                "'It is irrelevant.'                           | It is irrelevant.    | 0 | INFERRED",
                "'No idea.'                                    | No idea.             | 0 | DEFAULTED",
                "'Relevant ## and more'                        | Relevant             | 2 | INFERRED",
                "'model\nIt helps.\nRelevance Label: 2 ##'     | It helps.            | 2 | STATED",
                "'a relevance label: 1 b relevance label: 2 ##'| a                    | 0 | DEFAULTED",
            })
    void readsLabelAndExplanation(String text, String explanation, int label, LabelSource source) {
        Verdict verdict = whole(text);
        assertThat(verdict.explanation()).isEqualTo(explanation);
        assertThat(verdict.index()).isEqualTo(label);
        assertThat(verdict.source()).isEqualTo(source);
        assertThat(verdict.probabilities().get(label)).isEqualTo(1.0);
    }

    @Test
    void infersFromTheFirstThirtyWordsOnly() {
        assertThat(whole("word ".repeat(29) + "relevant").index()).isEqualTo(2);
        assertThat(whole("word ".repeat(30) + "relevant").index()).isEqualTo(0);
    }

    @Test
    void readsAForcedLabelWhenNoneWasStated() {
        Verdict verdict = whole("It helps because", -3f, -0.1f, -2f);
        assertThat(verdict.source()).isEqualTo(LabelSource.FORCED);
        assertThat(verdict.index()).isEqualTo(1);
        assertThat(verdict.probabilities().stream().mapToDouble(p -> p).sum()).isEqualTo(1.0);
    }

    @Test
    void keepsAStatedLabelAtTheTokenLimit() {
        assertThat(whole("It helps.\nRelevance Label: 2", -0.1f, -3f, -3f).source())
                .isEqualTo(LabelSource.STATED);
    }

    @Test
    void ignoresAForcedRowThatIsNotANumber() {
        assertThat(whole("It is relevant", Float.NaN, 0f, 0f).source()).isEqualTo(LabelSource.INFERRED);
    }

    @Test
    void dropsAMarkerThatTheTokenLimitCut() {
        Verdict verdict = whole("It helps.\n\nRelevance La", -3f, -3f, -0.1f);
        assertThat(verdict.explanation()).isEqualTo("It helps.");
        assertThat(whole("It is of some relevance", -3f, -3f, -0.1f).explanation())
                .isEqualTo("It is of some relevance");
    }

    @Test
    void dropsACharacterThatTheTokenLimitCut() {
        Feed feed = new Feed(LabelGrammar.INTERANK);
        feed.piece(new byte[] {'g', 'o', 'o', 'd', ' ', (byte) 0xF0, (byte) 0x9F});
        assertThat(feed.finish(-1f, -1f, -1f).explanation()).isEqualTo("good");
    }

    @Test
    void dropsPartialLabelMarker() {
        Feed feed = new Feed(LabelGrammar.INTERANK);
        for (String piece : List.of("Good", ".\n\nRel", "evance", " ", "Label", ": ", "2", " ##")) {
            feed.piece(piece.getBytes(StandardCharsets.UTF_8));
        }
        assertThat(feed.deltas).containsExactly("Good", ".", "", "", "", "", "", "");
        assertThat(feed.finish().index()).isEqualTo(2);
    }

    @Test
    void releasesTextThatOnlyBeganLikeAMarker() {
        Feed feed = new Feed(LabelGrammar.INTERANK);
        for (String piece : List.of("Some relev", "ance ", "here", " #", "1")) {
            feed.piece(piece.getBytes(StandardCharsets.UTF_8));
        }
        assertThat(feed.deltas).containsExactly("Some", "", " relevance he", "re", " #1");
    }

    @Test
    void takesProbabilitiesFromTheTokenThatIsTheLabel() {
        JudgementParser parser = new JudgementParser(LabelGrammar.INTERANK, DIGITS, token -> new byte[] {(byte) token});
        String text = "2 of 1. Relevance Label: 1 ##";
        for (int i = 0; i < text.length(); i++) {
            float other = text.charAt(i) == '1' && i > 10 ? -1f : -9f;
            parser.accept(text.charAt(i), new float[] {-1f, other, -1f});
        }
        Verdict verdict = parser.finish(false, NO_ROW);
        assertThat(verdict.probabilities()).allSatisfy(p -> assertThat(p).isEqualTo(1.0 / 3));
        assertThat(verdict.source()).isEqualTo(LabelSource.STATED);
    }

    @Test
    void isCertainOfALabelThatWasSpelledWithAnotherToken() {
        List<byte[]> vocabulary = List.of("x Relevance Label:".getBytes(StandardCharsets.UTF_8), new byte[] {' ', '2'});
        JudgementParser parser = new JudgementParser(LabelGrammar.INTERANK, DIGITS, vocabulary::get);
        parser.accept(0, new float[] {-1f, -1f, -1f});
        parser.accept(1, new float[] {-1f, -1f, -1f});
        assertThat(parser.finish(false, NO_ROW).probabilities()).containsExactly(0.0, 0.0, 1.0);
    }

    @Test
    void readsRank1Answers() {
        LabelGrammar grammar = PromptFormat.rank1(new ChatWrapper("", "")).grammar();
        Feed feed = new Feed(grammar);
        for (String piece : List.of("It is true", " that", "\n</th", "ink>", " false")) {
            feed.piece(piece.getBytes(StandardCharsets.UTF_8));
        }
        Verdict verdict = feed.finish();
        assertThat(feed.shown()).isEqualTo("It is true that").isEqualTo(verdict.explanation());
        assertThat(verdict.index()).isZero();
        assertThat(verdict.source()).isEqualTo(LabelSource.STATED);
    }

    @Test
    void readsAConfiguredScore() {
        PromptFormat format = PromptFormat.generic(
                new ChatWrapper("", ""),
                new PromptFormat.Generic(
                        "{query}{document}",
                        List.of(),
                        "<score>",
                        "(\\d+)\\s*</score>",
                        LabelSet.numbers(0, 100),
                        "",
                        true));
        Feed feed = new Feed(format.grammar());
        feed.piece("Fine. <score> 85 </score>".getBytes(StandardCharsets.UTF_8));
        assertThat(feed.finish().index()).isEqualTo(85);
    }

    @Test
    void anySplitReadsLikeTheWholeText() {
        for (int seed = 0; seed < 3000; seed++) {
            Random random = new Random(seed);
            byte[] text = AnswerText.random(random);
            Feed feed = new Feed(LabelGrammar.INTERANK);
            for (int at = 0; at < text.length; ) {
                int next = Math.min(text.length, at + random.nextInt(9));
                feed.piece(java.util.Arrays.copyOfRange(text, at, next));
                at = next;
            }
            Verdict verdict = feed.finish();
            WholeTextReading expected = WholeTextReading.of(new String(text, StandardCharsets.UTF_8));
            String claim = "seed " + seed + ": " + new String(text, StandardCharsets.UTF_8);
            assertThat(verdict.explanation()).as(claim).isEqualTo(expected.explanation());
            assertThat(feed.shown()).as(claim).isEqualTo(expected.explanation());
            assertThat(verdict.index()).as(claim).isEqualTo(expected.label());
            assertThat(verdict.source()).as(claim).isEqualTo(expected.source());
        }
    }

    @Test
    void deltasNeverSplitACharacter() {
        for (int seed = 0; seed < 300; seed++) {
            Feed feed = new Feed(LabelGrammar.INTERANK);
            byte[] text = "😀 größer 漢字 🧪".repeat(2).getBytes(StandardCharsets.UTF_8);
            Random random = new Random(seed);
            for (int at = 0; at < text.length; ) {
                int next = Math.min(text.length, at + 1 + random.nextInt(3));
                feed.piece(java.util.Arrays.copyOfRange(text, at, next));
                at = next;
            }
            feed.finish();
            assertThat(feed.deltas)
                    .as("seed %d", seed)
                    .allSatisfy(delta ->
                            assertThat(delta.codePoints()).noneMatch(c -> c == 0xFFFD || (c >= 0xD800 && c <= 0xDFFF)));
        }
    }
}
