package dev.whyrank.evaluate;

import dev.whyrank.model.InvalidInputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Where candidates come from.
 *
 * @param source {@code bm25}, {@code run:FILE} or {@code given}
 * @param depth how many candidates a query gets at most
 * @param queryWeights whether BM25 weighs the query's words as BRIGHT's baseline does
 */
public record FirstStage(String source, int depth, boolean queryWeights) {

    private static final String RUN = "run:";

    /** A candidate with the first stage's score, if it gives any. */
    record Retrieved(String documentId, @Nullable Double score) {}

    /** Checks the source, the depth, and that the weights are BM25's. */
    public FirstStage {
        if (!source.equals("bm25") && !source.equals("given") && !source.startsWith(RUN)) {
            throw new InvalidInputException("first stage '" + source + "' is not known; use bm25, run:FILE or given");
        }
        if (queryWeights && !source.equals("bm25")) {
            throw new InvalidInputException(
                    "--query-weights is BM25's, and the first stage is " + source + "; leave it out");
        }
        if (depth < 1) {
            throw new InvalidInputException("depth is " + depth + "; give 1 or more");
        }
    }

    /**
     * Each query's candidates, best first.
     *
     * @param seed orders candidates that have no score, whose order in the file could give their labels away
     */
    Map<String, List<Retrieved>> retrieve(TestCollection collection, long seed) {
        if (source.equals("bm25")) {
            return bm25(collection);
        }
        return source.equals("given") ? given(collection, seed) : fromFile(collection);
    }

    /** The source in a few words. */
    String described() {
        return source.equals("bm25")
                ? "BM25, k1 " + Bm25.K1 + ", b " + Bm25.B + (queryWeights ? ", weighted queries" : "")
                : source;
    }

    private Map<String, List<Retrieved>> bm25(TestCollection collection) {
        Map<String, List<Retrieved>> candidates = new LinkedHashMap<>();
        try (Bm25 bm25 = new Bm25(collection.documents().values(), queryWeights)) {
            collection.queries().forEach((id, query) -> {
                List<String> own = query.candidates();
                List<Run.Scored> found =
                        own == null ? bm25.search(query.text(), depth, query.excluded()) : bm25.rank(query.text(), own);
                candidates.put(id, scored(found));
            });
        }
        return candidates;
    }

    private Map<String, List<Retrieved>> fromFile(TestCollection collection) {
        Run run = TrecFiles.readRun(Path.of(source.substring(RUN.length())));
        Map<String, List<Retrieved>> candidates = new LinkedHashMap<>();
        collection.queries().forEach((id, query) -> {
            List<Run.Scored> kept = run.ranked(id).stream()
                    .filter(scored -> !query.excluded().contains(scored.documentId()))
                    .toList();
            kept.forEach(scored -> known(collection, scored));
            candidates.put(id, scored(kept));
        });
        return candidates;
    }

    private void known(TestCollection collection, Run.Scored scored) {
        if (!collection.documents().containsKey(scored.documentId())) {
            throw new InvalidInputException(source.substring(RUN.length()) + ": document '" + scored.documentId()
                    + "' is not in " + collection.name() + "; check that run and collection belong together");
        }
    }

    private Map<String, List<Retrieved>> given(TestCollection collection, long seed) {
        Map<String, List<Retrieved>> candidates = new LinkedHashMap<>();
        collection.queries().forEach((id, query) -> {
            List<String> own = query.candidates();
            if (own == null) {
                throw new InvalidInputException(
                        collection.name() + " has no candidates of its own; use --first-stage bm25 or run:FILE");
            }
            List<String> shuffled = new ArrayList<>(own);
            java.util.Collections.shuffle(shuffled, new Random(seed ^ id.hashCode()));
            candidates.put(
                    id,
                    shuffled.stream()
                            .limit(depth)
                            .map(document -> new Retrieved(document, null))
                            .toList());
        });
        return candidates;
    }

    /** The candidates as a run; those without a score keep their order. */
    static Map<String, List<Run.Scored>> run(Map<String, List<Retrieved>> candidates) {
        Map<String, List<Run.Scored>> run = new LinkedHashMap<>();
        candidates.forEach((id, found) -> {
            List<Run.Scored> scored = new ArrayList<>();
            for (Retrieved retrieved : found) {
                Double score = retrieved.score();
                scored.add(new Run.Scored(retrieved.documentId(), score == null ? -scored.size() : score));
            }
            run.put(id, scored);
        });
        return run;
    }

    private List<Retrieved> scored(List<Run.Scored> found) {
        return found.stream()
                .limit(depth)
                .map(scored -> new Retrieved(scored.documentId(), scored.score()))
                .toList();
    }
}
