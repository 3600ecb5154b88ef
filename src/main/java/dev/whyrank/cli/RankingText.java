package dev.whyrank.cli;

import dev.whyrank.rerank.Judgement;
import dev.whyrank.rerank.RerankEvent.Completed;
import dev.whyrank.rerank.RerankEvent.DocumentCompleted;
import dev.whyrank.rerank.RerankEvent.DocumentFailed;
import dev.whyrank.rerank.RerankEvent.Ranked;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * A ranking for people: each document with its explanation when it is judged, the ranking at the end. Text from outside
 * is shown without control characters, which could command the terminal.
 */
final class RankingText {

    private static final int SHOWN = 70;

    private final List<InputDocument> documents;
    private final PrintWriter out;

    RankingText(List<InputDocument> documents, PrintWriter out) {
        this.documents = documents;
        this.out = out;
    }

    void judged(DocumentCompleted event) {
        Judgement judgement = event.judgement();
        out.println(name(event.index()) + "  label " + judgement.label() + " of "
                + judgement.labels().get(judgement.labels().size() - 1)
                + (judgement.truncated() ? ", cut to fit" : ""));
        judgement.explanation().strip().lines().forEach(line -> out.println("    " + plain(line)));
        out.flush();
    }

    void failed(DocumentFailed event) {
        out.println(name(event.index()) + "  not judged: " + plain(event.message()));
        out.flush();
    }

    void ranking(Completed completed, int top) {
        out.println();
        int place = 0;
        for (Ranked ranked : completed.ranking().stream().limit(top).toList()) {
            place++;
            Judgement judgement = ranked.judgement();
            String found = judgement == null
                    ? "failed    "
                    : String.format(Locale.ROOT, "%.4f  %d ", ranked.relevanceScore(), judgement.label());
            out.printf("%3d. %s %s  %s%n", place, found, name(ranked.index()), beginning(ranked.index()));
        }
        completed.warnings().forEach(warning -> out.println("Warning: " + plain(warning)));
        out.flush();
    }

    /** The user's own name of a document, or its number from 1. */
    private String name(int index) {
        String id = documents.get(index).id();
        return "[" + (id == null ? String.valueOf(index + 1) : plain(id)) + "]";
    }

    private String beginning(int index) {
        InputDocument document = documents.get(index);
        String text = plain(Objects.requireNonNullElse(document.title(), document.text()))
                .strip();
        return text.codePointCount(0, text.length()) <= SHOWN
                ? text
                : text.substring(0, text.offsetByCodePoints(0, SHOWN - 1)) + "…";
    }

    private static String plain(String text) {
        return text.replaceAll("[\\p{Cntrl}\\p{Cf}]+", " ");
    }
}
