package dev.whyrank.rerank;

import dev.whyrank.rerank.RerankEvent.DocumentFailed;
import dev.whyrank.rerank.RerankEvent.Ranked;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Where each document of a request stands. Belongs to the request's mailbox. */
final class Standings {

    private static final int EXPLAINED = 0;
    private static final int REST = 1;

    private final RerankRequest request;
    private final List<@Nullable Double> firstStage;
    private final Document[] documents;
    private int open;

    private static final class Document {
        final StringBuilder shown = new StringBuilder();
        boolean started;
        boolean again;
        int tier;

        /** Its label, when an explanation is to follow. */
        @Nullable
        Judgement label;

        @Nullable
        Judgement judgement;

        @Nullable
        DocumentFailed failure;

        boolean ended() {
            return judgement != null || failure != null;
        }
    }

    Standings(RerankRequest request) {
        this.request = request;
        this.firstStage = new ArrayList<>();
        request.candidates().forEach(candidate -> firstStage.add(candidate.score()));
        this.open = request.candidates().size();
        this.documents = IntStream.range(0, open).mapToObj(i -> new Document()).toArray(Document[]::new);
    }

    /**
     * Where the caller sent no score at all and it would matter, takes the judge's own; call before anything is ranked.
     *
     * @return what the caller should know about it
     */
    List<String> standIn(Judge judge) {
        if (request.options().alpha() == 1 || firstStage.stream().anyMatch(Objects::nonNull)) {
            return List.of();
        }
        Optional<Judge.StandIn> standIn = judge.standIn(request);
        standIn.ifPresent(own -> Collections.copy(firstStage, own.scores()));
        return standIn.map(Judge.StandIn::warning).stream().toList();
    }

    /** Documents without a terminal event. */
    int open() {
        return open;
    }

    boolean ended(int index) {
        return documents[index].ended();
    }

    /** Documents without a terminal event, in order. */
    List<Integer> unended() {
        return IntStream.range(0, documents.length)
                .filter(i -> !ended(i))
                .boxed()
                .toList();
    }

    /** Marks a document as begun; true the first time. */
    boolean start(int index) {
        boolean first = !documents[index].started;
        documents[index].started = true;
        return first;
    }

    /** Whether it was told to begin anew since this was last asked. */
    boolean beginsAgain(int index) {
        boolean again = documents[index].again;
        documents[index].again = false;
        return again;
    }

    /** Keeps a label until its explanation comes. */
    void label(int index, Judgement judgement) {
        documents[index].label = judgement;
    }

    @Nullable
    Judgement label(int index) {
        return documents[index].label;
    }

    /** More of its explanation was told. */
    void show(int index, String text) {
        documents[index].shown.append(text);
    }

    /** What was told of its explanation counts no more. */
    void forget(int index) {
        documents[index].shown.setLength(0);
        documents[index].again = true;
    }

    /** What was told of its explanation. */
    String shown(int index) {
        return documents[index].shown.toString();
    }

    /** The best {@code count} of the documents that have a label and no terminal event, best first. */
    List<Integer> best(int count) {
        List<Ranking.Entry> labelled = new ArrayList<>();
        for (int index : unended()) {
            Judgement label = documents[index].label;
            if (label != null) {
                labelled.add(new Ranking.Entry(index, label.modelScore(), EXPLAINED));
            }
        }
        return rank(labelled).stream().limit(count).map(Ranking.Place::index).toList();
    }

    /** From now on these stand above all others. */
    void raise(List<Integer> explained) {
        for (Document document : documents) {
            document.tier = REST;
        }
        explained.forEach(index -> documents[index].tier = EXPLAINED);
    }

    /** The terminal event of a document that was judged. */
    RerankEvent.DocumentCompleted complete(int index, Judgement judgement) {
        documents[index].judgement = judgement;
        open--;
        List<Ranking.Place> places = rank(judged());
        int rank = IntStream.range(0, places.size())
                .filter(i -> places.get(i).index() == index)
                .findFirst()
                .orElseThrow();
        return new RerankEvent.DocumentCompleted(
                index, judgement, places.get(rank).score(), rank + 1);
    }

    /** The terminal event of a document that was not. */
    DocumentFailed fail(int index, ErrorCode code, String message) {
        DocumentFailed failure = new DocumentFailed(index, code, message);
        documents[index].failure = failure;
        open--;
        return failure;
    }

    /** The final order: judged documents by score, then failed ones in the request's order. */
    List<Ranked> ranking() {
        List<Ranked> ranking = new ArrayList<>();
        Map<Integer, Judgement> judgements = new HashMap<>();
        for (int i = 0; i < documents.length; i++) {
            Judgement judgement = documents[i].judgement;
            if (judgement != null) {
                judgements.put(i, judgement);
            }
        }
        rank(judged())
                .forEach(place ->
                        ranking.add(new Ranked(place.index(), judgements.get(place.index()), place.score(), null)));
        for (int i = 0; i < documents.length; i++) {
            if (documents[i].failure != null) {
                ranking.add(new Ranked(i, null, 0, documents[i].failure));
            }
        }
        return ranking;
    }

    /** Why nothing at all was judged, if so: the deadline if it stopped any of them, else the first failure. */
    RerankEvent.@Nullable Failed failureOfAll() {
        DocumentFailed first = documents[0].failure;
        if (first == null || !judged().isEmpty()) {
            return null;
        }
        boolean late = Arrays.stream(documents)
                .anyMatch(
                        document -> document.failure != null && document.failure.code() == ErrorCode.DEADLINE_EXCEEDED);
        return late
                ? new RerankEvent.Failed(
                        ErrorCode.DEADLINE_EXCEEDED,
                        "no document was judged in time; give more time or fewer documents")
                : new RerankEvent.Failed(first.code(), first.message());
    }

    /** How many judged documents were cut. */
    long truncated() {
        return IntStream.range(0, documents.length)
                .filter(i -> {
                    Judgement judgement = documents[i].judgement;
                    return judgement != null && judgement.truncated();
                })
                .count();
    }

    private List<Ranking.Entry> judged() {
        List<Ranking.Entry> entries = new ArrayList<>();
        for (int i = 0; i < documents.length; i++) {
            Judgement judgement = documents[i].judgement;
            if (judgement != null) {
                entries.add(new Ranking.Entry(i, judgement.modelScore(), documents[i].tier));
            }
        }
        return entries;
    }

    private List<Ranking.Place> rank(List<Ranking.Entry> entries) {
        return Ranking.rank(entries, firstStage, request.options().alpha());
    }
}
