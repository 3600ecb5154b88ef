package dev.whyrank.rerank;

import dev.whyrank.model.TokenBytes;
import dev.whyrank.rerank.Judgement.LabelSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/**
 * Reads one answer token by token: gives the explanation as soon as it is certain not to be the label's marker, and the
 * label at the end. The pieces given, put together, are the explanation. Owned by one thread at a time.
 */
final class JudgementParser {

    private final LabelGrammar grammar;
    private final int[] labelIds;
    private final TokenBytes vocabulary;
    private final Boundary boundary;
    private final Utf8Decoder decoder = new Utf8Decoder();
    private final ExplanationTrimmer trimmer = new ExplanationTrimmer();
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder explanation = new StringBuilder();
    private final List<Row> rows = new ArrayList<>();
    private int shown;
    private boolean bounded;

    /** A token, where its characters begin, and the label distribution it was chosen from. */
    private record Row(int token, int start, float[] labelLogProbabilities) {}

    /**
     * What was read.
     *
     * @param rest the last piece of the explanation
     * @param index the label's place in the label set
     */
    record Verdict(String rest, String explanation, int index, List<Double> probabilities, LabelSource source) {}

    /**
     * Starts an answer.
     *
     * @param labelIds the token of each label, or none if labels have no probabilities
     */
    JudgementParser(LabelGrammar grammar, int[] labelIds, TokenBytes vocabulary) {
        this.grammar = grammar;
        this.labelIds = labelIds;
        this.vocabulary = vocabulary;
        this.boundary = new Boundary(grammar);
    }

    /**
     * Takes one generated token.
     *
     * @return the next piece of the explanation, possibly empty
     */
    String accept(int token, float[] labelLogProbabilities) {
        rows.add(new Row(token, text.length(), labelLogProbabilities));
        decoder.append(vocabulary.of(token), text);
        return show(false);
    }

    /**
     * Ends the answer.
     *
     * @param cut whether the model did not end by itself; then a character or a marker that it had begun is dropped
     * @param forced label log probabilities behind a forced continuation, or empty if there was none
     */
    Verdict finish(boolean cut, float[] forced) {
        if (cut) {
            dropBegunMarker();
        } else {
            decoder.finish(text);
        }
        String rest = show(true) + finishExplanation();
        String answer = beforeCut();
        Verdict stated = stated(answer, rest);
        if (stated != null) {
            return stated;
        }
        Optional<List<Double>> demanded = Scoring.probabilities(grammar.labels(), forced);
        if (demanded.isPresent()) {
            return verdict(rest, Scoring.mostLikely(demanded.get()), demanded.get(), LabelSource.FORCED);
        }
        int inferred = markers(answer) == 1 ? -1 : grammar.infer(answer);
        int index = Math.max(0, inferred);
        LabelSource source = inferred < 0 ? LabelSource.DEFAULTED : LabelSource.INFERRED;
        return verdict(rest, index, Scoring.certain(grammar.labels(), index), source);
    }

    /** Whether the label stands already where it belongs. */
    boolean labelled() {
        return stated(beforeCut(), "") != null;
    }

    private String show(boolean complete) {
        if (bounded) {
            return "";
        }
        Boundary.Reach reach = boundary.search(text, shown, complete);
        String piece = trimmer.accept(text.substring(shown, reach.end()));
        shown = reach.end();
        bounded = reach.found();
        explanation.append(piece);
        return piece;
    }

    private String finishExplanation() {
        String piece = trimmer.finish();
        explanation.append(piece);
        return piece;
    }

    /** A marker cut off by the token limit, alone on its line, is no part of the explanation. */
    private void dropBegunMarker() {
        boolean ownLine = shown == 0 || text.substring(0, shown).endsWith("\n");
        if (!bounded && shown < text.length() && ownLine) {
            text.setLength(shown);
        }
    }

    private String beforeCut() {
        String cut = grammar.cut();
        int at = cut == null ? -1 : text.indexOf(cut);
        return at < 0 ? text.toString() : text.substring(0, at);
    }

    private int markers(String answer) {
        return (int) grammar.marker().matcher(answer).results().count();
    }

    private @Nullable Verdict stated(String answer, String rest) {
        Matcher marker = grammar.marker().matcher(answer);
        if (!marker.find()) {
            return null;
        }
        int from = marker.end();
        if (marker.find()) {
            return null;
        }
        int end = grammar.end() == null ? -1 : answer.indexOf(grammar.end(), from);
        Matcher label = grammar.label().matcher(answer).region(from, end < 0 ? answer.length() : end);
        if (!label.find()) {
            return null;
        }
        int group = label.groupCount() > 0 ? 1 : 0;
        String name = label.group(group);
        // A group that the pattern leaves out spells nothing.
        int index = name == null ? -1 : grammar.labels().indexOfName(name);
        return index < 0 ? null : verdict(rest, index, probabilitiesAt(label.start(group), index), LabelSource.STATED);
    }

    private List<Double> probabilitiesAt(int character, int index) {
        Row row = rows.get(0);
        for (Row next : rows) {
            if (next.start() <= character) {
                row = next;
            }
        }
        boolean ownToken = index < labelIds.length && row.token() == labelIds[index];
        Optional<List<Double>> read =
                ownToken ? Scoring.probabilities(grammar.labels(), row.labelLogProbabilities()) : Optional.empty();
        return read.orElseGet(() -> Scoring.certain(grammar.labels(), index));
    }

    private Verdict verdict(String rest, int index, List<Double> probabilities, LabelSource source) {
        return new Verdict(rest, explanation.toString(), index, probabilities, source);
    }
}
