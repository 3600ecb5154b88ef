package dev.whyrank.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.whyrank.evaluate.Run.Scored;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class Bm25Test {

    private static final double K1 = 0.9;
    private static final double B = 0.4;

    /** Words that the analyser leaves as they are. */
    private static final List<String> TEXTS = List.of(
            "wing lift wing drag",
            "lift",
            "shock wave wave wave drag lift",
            "heat",
            "wing shock heat heat drag wave lift");

    private static final List<Document> DOCUMENTS = documents();

    private static List<Document> documents() {
        return IntStream.range(0, TEXTS.size())
                .mapToObj(i -> new Document("d" + i, "", TEXTS.get(i)))
                .toList();
    }

    @Test
    void scoresAsTheFormulaSays() {
        try (Bm25 bm25 = new Bm25(DOCUMENTS, false)) {
            List<Scored> found = bm25.search("wing wing drag", 10, Set.of());
            assertThat(found).hasSize(3);
            for (Scored scored : found) {
                String text = TEXTS.get(scored.documentId().charAt(1) - '0');
                double expected = 2 * weight("wing", text) * idf("wing") + weight("drag", text) * idf("drag");
                assertThat(scored.score()).as(text).isCloseTo(expected, within(1e-5));
            }
        }
    }

    @Test
    void weighsTheQueryAsADocumentIfAsked() {
        String query = "wing wing drag unheard";
        String known = "wing wing drag";
        try (Bm25 bm25 = new Bm25(DOCUMENTS, true)) {
            for (Scored scored : bm25.search(query, 10, Set.of())) {
                String text = TEXTS.get(scored.documentId().charAt(1) - '0');
                double expected = weight("wing", known) * idf("wing") * weight("wing", text) * idf("wing")
                        + weight("drag", known) * idf("drag") * weight("drag", text) * idf("drag");
                assertThat(scored.score()).as(text).isCloseTo(expected, within(1e-5));
            }
        }
    }

    @Test
    void excludedDocumentsMakeRoomForOthers() {
        try (Bm25 bm25 = new Bm25(DOCUMENTS, false)) {
            List<Scored> all = bm25.search("wing drag", 2, Set.of());
            String best = all.get(0).documentId();
            List<Scored> without = bm25.search("wing drag", 2, Set.of(best));
            assertThat(without).hasSize(2).extracting(Scored::documentId).doesNotContain(best);
        }
    }

    @Test
    void ranksAllGivenCandidatesAlsoThoseThatShareNoWord() {
        try (Bm25 bm25 = new Bm25(DOCUMENTS, false)) {
            List<Scored> ranked = bm25.rank("wing", List.of("d3", "d1", "d4", "d0"));
            assertThat(ranked).extracting(Scored::documentId).containsExactly("d0", "d4", "d1", "d3");
            assertThat(ranked.subList(2, 4)).extracting(Scored::score).containsOnly(0.0);
        }
    }

    @Test
    void stemsAndDropsStopWordsAsEnglishDoes() {
        try (Bm25 bm25 = new Bm25(List.of(new Document("a", "The wings", "are lifting")), false)) {
            assertThat(bm25.search("wing lifted", 5, Set.of())).hasSize(1);
            assertThat(bm25.search("the are", 5, Set.of())).isEmpty();
        }
    }

    private static double idf(String word) {
        long with = TEXTS.stream().filter(text -> text.contains(word)).count();
        return Math.log(1 + (TEXTS.size() - with + 0.5) / (with + 0.5));
    }

    private static double weight(String word, String text) {
        List<String> words = Arrays.asList(text.split(" ", -1));
        double count = words.stream().filter(word::equals).count();
        double mean = TEXTS.stream()
                .mapToInt(one -> one.split(" ", -1).length)
                .average()
                .orElseThrow();
        return count / (count + K1 * (1 - B + B * words.size() / mean));
    }
}
