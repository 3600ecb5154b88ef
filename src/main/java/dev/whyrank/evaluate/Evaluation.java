package dev.whyrank.evaluate;

import dev.whyrank.evaluate.CollectionResult.ModeResult;
import dev.whyrank.evaluate.CollectionResult.SystemResult;
import dev.whyrank.evaluate.FirstStage.Retrieved;
import dev.whyrank.model.InvalidInputException;
import dev.whyrank.rerank.ExplanationKind;
import dev.whyrank.rerank.Reranker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Runs a collection's queries through a first stage and a reranker and measures both. One thread; the reranker has its
 * own.
 */
public final class Evaluation {

    /**
     * What was found.
     *
     * @param tables in Markdown
     * @param unanswered a line for each mode of a set in which nothing was judged
     */
    public record Summary(String tables, List<String> unanswered) {}

    private static final String JOURNAL = "journal.jsonl";

    private final @Nullable Reranker reranker;
    private final String identity;
    private final EvaluationSettings settings;
    private final Progress progress;

    /**
     * An evaluation of this reranker.
     *
     * @param reranker may be null if the only mode is {@link Mode#FIRST_STAGE}
     * @param identity differs where its judgements may, though its name be the same
     */
    public Evaluation(@Nullable Reranker reranker, String identity, EvaluationSettings settings, Progress progress) {
        if (reranker == null && !settings.judgingModes().isEmpty()) {
            throw new IllegalArgumentException("modes that judge need a reranker");
        }
        this.reranker = reranker;
        this.identity = identity;
        this.settings = settings;
        this.progress = progress;
    }

    /**
     * Evaluates all sets of the collection and writes their files.
     *
     * @return what was found, in words
     * @throws InvalidInputException if the collection is malformed or the output folder cannot be used
     */
    public Summary run() throws InterruptedException {
        List<Collections.Source> sources = Collections.open(settings.collection(), settings.reading());
        List<CollectionResult> results = new ArrayList<>();
        StringBuilder tables = new StringBuilder();
        for (Collections.Source source : sources) {
            Path folder = folder(sources.size() > 1, source.name());
            long start = System.nanoTime();
            CollectionResult result = evaluate(source, folder);
            tables.append(MarkdownReport.summary(result));
            if (folder != null) {
                ResultFiles.write(folder, result);
                Duration total = Duration.ofNanos(System.nanoTime() - start);
                ResultFiles.addToReport(folder, MarkdownReport.time(total, result.busy()));
            }
            results.add(withoutRuns(result));
        }
        if (results.size() > 1) {
            String average = MarkdownReport.average(results);
            tables.append(average);
            if (settings.out() != null) {
                ResultFiles.writeReport(settings.out(), average);
            }
        }
        return new Summary(tables.toString(), unanswered(results));
    }

    private static List<String> unanswered(List<CollectionResult> results) {
        return results.stream()
                .flatMap(result -> result.modes().stream()
                        .filter(mode -> mode.stats().judgedNothing())
                        .map(mode -> result.name() + ", " + mode.mode().title()
                                + ": no query was answered, so its numbers are the first stage's; first failure: "
                                + mode.stats().firstFailure()))
                .toList();
    }

    private @Nullable Path folder(boolean several, String name) {
        Path out = settings.out();
        Path folder = out == null || !several ? out : out.resolve(name);
        if (folder != null) {
            ResultFiles.create(folder);
        }
        return folder;
    }

    private CollectionResult evaluate(Collections.Source source, @Nullable Path folder) throws InterruptedException {
        TestCollection collection = source.loader().get().sample(settings.queries(), settings.seed());
        Map<String, List<Retrieved>> candidates = settings.firstStage().retrieve(collection, settings.seed());
        Map<Mode, Map<String, QueryOutcome>> outcomes = new EnumMap<>(Mode.class);
        settings.judgingModes().forEach(mode -> outcomes.put(mode, new LinkedHashMap<>()));
        Map<String, String> described = described(collection, candidates);
        Duration busy =
                reranker == null ? Duration.ZERO : judge(reranker, collection, candidates, folder, described, outcomes);
        return result(busy, collection, candidates, described, outcomes);
    }

    private Duration judge(
            Reranker judging,
            TestCollection collection,
            Map<String, List<Retrieved>> candidates,
            @Nullable Path folder,
            Map<String, String> described,
            Map<Mode, Map<String, QueryOutcome>> outcomes)
            throws InterruptedException {
        try (Journal journal = folder == null ? Journal.none() : Journal.open(folder.resolve(JOURNAL), described)) {
            // What failed gets another chance: the service may just have been away.
            journal.past().stream().filter(past -> past.failure() == null).forEach(past -> keep(outcomes, past));
            List<QueryTask> tasks = tasks(collection, candidates, outcomes);
            int known = outcomes.values().stream().mapToInt(Map::size).sum();
            progress.started(collection.name(), (long) known + tasks.size(), known);
            QueryRunner runner = new QueryRunner(judging, settings.options(), settings.inFlight(), System::nanoTime);
            try {
                runner.run(collection, tasks, outcome -> {
                    journal.append(outcome);
                    keep(outcomes, outcome);
                    progress.advanced();
                });
            } finally {
                progress.ended();
            }
            return runner.busy();
        }
    }

    private static void keep(Map<Mode, Map<String, QueryOutcome>> outcomes, QueryOutcome outcome) {
        Map<String, QueryOutcome> ofMode = outcomes.get(outcome.mode());
        if (ofMode != null) {
            ofMode.put(outcome.queryId(), outcome);
        }
    }

    private List<QueryTask> tasks(
            TestCollection collection,
            Map<String, List<Retrieved>> candidates,
            Map<Mode, Map<String, QueryOutcome>> outcomes) {
        List<QueryTask> tasks = new ArrayList<>();
        outcomes.forEach((mode, done) -> collection.queries().forEach((id, query) -> {
            if (!done.containsKey(id)) {
                tasks.add(new QueryTask(query, mode, candidates.getOrDefault(id, List.of())));
            }
        }));
        return tasks;
    }

    private CollectionResult result(
            Duration busy,
            TestCollection collection,
            Map<String, List<Retrieved>> candidates,
            Map<String, String> described,
            Map<Mode, Map<String, QueryOutcome>> outcomes) {
        ExplanationKind kind = reranker == null ? ExplanationKind.EVIDENCE : reranker.explanationKind();
        Analysis analysis = new Analysis(collection, FirstStage.run(candidates), kind, settings.seed());
        List<SystemResult> systems = new ArrayList<>();
        List<ModeResult> modes = new ArrayList<>();
        Map<String, Map<String, List<Run.Scored>>> runs = new LinkedHashMap<>();
        runs.put("first-stage.trec", analysis.firstStage());
        for (Mode mode : settings.judgingModes()) {
            Map<String, QueryOutcome> ofMode = Objects.requireNonNull(outcomes.get(mode));
            systems.addAll(analysis.systems(mode, ofMode));
            modes.add(analysis.mode(mode, ofMode));
            String file = runs.containsKey("run.trec") ? "run-" + mode.title() + ".trec" : "run.trec";
            runs.put(file, analysis.rankings(Scoring.FUSED, ofMode));
        }
        Scores first = analysis.firstStageScores();
        return new CollectionResult(collection.name(), described, first, systems, modes, runs, busy);
    }

    private static CollectionResult withoutRuns(CollectionResult result) {
        return new CollectionResult(
                result.name(),
                result.settings(),
                result.firstStage(),
                result.systems(),
                result.modes(),
                Map.of(),
                result.busy());
    }

    /** What makes the numbers what they are; a journal of anything else is refused. Modes may be added later. */
    private Map<String, String> described(TestCollection collection, Map<String, List<Retrieved>> candidates) {
        Map<String, String> described = new LinkedHashMap<>();
        described.put("collection", collection.name());
        described.put("queries", String.valueOf(collection.queries().size()));
        described.put("documents", String.valueOf(collection.documents().size()));
        described.put("first stage", settings.firstStage().described());
        described.put("depth", String.valueOf(settings.firstStage().depth()));
        described.put("model", reranker == null ? "none" : reranker.model());
        described.put("model identity", identity);
        described.put("alpha", String.valueOf(settings.options().alpha()));
        described.put("explanation tokens", String.valueOf(settings.options().maxExplanationTokens()));
        String instruction = settings.options().instruction();
        described.put("instruction", instruction == null ? "none" : instruction);
        described.put("seed", String.valueOf(settings.seed()));
        described.put("candidates", checksum(candidates.entrySet().stream().map(Map.Entry::toString)));
        described.put("texts", checksum(texts(collection, candidates)));
        return described;
    }

    /** All that is read to judge: each query's text, then its candidates'. */
    private static Stream<String> texts(TestCollection collection, Map<String, List<Retrieved>> candidates) {
        return collection.queries().values().stream()
                .flatMap(query -> Stream.concat(
                        Stream.of(query.text()),
                        candidates.getOrDefault(query.id(), List.of()).stream()
                                .map(found ->
                                        collection.document(found.documentId()).judged())));
    }

    private static String checksum(Stream<String> parts) {
        CRC32 sum = new CRC32();
        parts.forEach(part -> {
            sum.update(part.getBytes(StandardCharsets.UTF_8));
            sum.update(0);
        });
        return Long.toHexString(sum.getValue());
    }
}
