package dev.whyrank.cli;

import dev.whyrank.checkpoint.Checkpoint;
import dev.whyrank.generate.GenerationEngine;
import dev.whyrank.generate.SamplingPolicy;
import dev.whyrank.generate.SequenceRequest;
import dev.whyrank.generate.StopRule;
import dev.whyrank.model.InvalidInputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.ObjectMapper;

/**
 * {@code whyrank bench}: times the engine on a load shaped like a rerank request, raw token ids in, greedy tokens out.
 * Prints one JSON line: seconds and tokens per second for reading the prompts (until every document has its first
 * token), for writing, and for the whole. With {@code --http} it times the whole service and, in turn, its bare engine.
 */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = {
            "Times the engine on one rerank-shaped request and prints one JSON line.",
            "With --http it starts the service, sends requests over HTTP, and times its engine on the same token ids in"
                    + " turn. Then --prefix and --doc count words, and --vocab means nothing.",
            "With --fit it times single steps, in slots of --prefix, --doc and --gen positions together."
        })
final class BenchCommand implements Callable<Integer> {

    @Mixin
    private ModelOptions options = new ModelOptions();

    @Option(names = "--docs", defaultValue = "16", description = "Documents of the request (default: 16).")
    private int docs;

    @Option(names = "--prefix", defaultValue = "200", description = "Tokens that all prompts share (default: 200).")
    private int prefix;

    @Option(names = "--doc", defaultValue = "150", description = "Tokens of each document (default: 150).")
    private int doc;

    @Option(names = "--gen", defaultValue = "64", description = "Tokens written for each document (default: 64).")
    private int gen;

    @Option(names = "--rounds", defaultValue = "3", description = "Rounds after a first that warms up (default: 3).")
    private int rounds;

    @Option(names = "--vocab", defaultValue = "40000", description = "Ids are drawn below this (default: 40000).")
    private int vocabulary;

    @Option(names = "--slots", defaultValue = "33", description = "Most slots of the cache (default: 33).")
    private int mostSlots;

    @Option(names = "--token-budget", defaultValue = "512", description = "Most tokens of a step (default: 512).")
    private int tokenBudget;

    @Option(names = "--http", description = "Time the service over HTTP beside its bare engine; --model may be absent.")
    private boolean http;

    @Option(names = "--requests", defaultValue = "16", description = "With --http: requests at once (default: 16).")
    private int requests;

    @Option(names = "--each", defaultValue = "2", description = "With --http: one after another (default: 2).")
    private int each;

    @Option(names = "--warmups", defaultValue = "4", description = "With --http: rounds before (default: 4).")
    private int warmups;

    @Option(names = "--json", description = "With --http: ask for one JSON body instead of a stream of events.")
    private boolean json;

    @Option(
            names = "--fit",
            paramLabel = "FILE",
            description = "Time steps of many shapes instead, and write what they cost for simulate --machine.")
    private @Nullable Path fit;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final ServiceFactory services;

    BenchCommand(ServiceFactory services) {
        this.services = services;
    }

    @Override
    public Integer call() throws Exception {
        return OrderlyEnd.interrupting(spec.commandLine().getErr(), "interrupted", this::measure);
    }

    private void measure() throws Exception {
        Map<String, Object> report = fit != null ? fit(fit) : http ? overHttp() : engineAlone();
        spec.commandLine().getOut().println(new ObjectMapper().writeValueAsString(report));
    }

    private Map<String, Object> overHttp() throws Exception {
        requireCounts();
        Map<String, String> settings = options.settings();
        settings.put("whyrank.engine.max-slots", Integer.toString(mostSlots));
        settings.put("whyrank.engine.token-budget", Integer.toString(tokenBudget));
        BenchRequests load = new BenchRequests(docs, Math.max(1, prefix), doc, gen, !json);
        return new ServiceBench(services, settings, load, requests, each).measure(warmups, rounds);
    }

    private Map<String, Object> fit(Path file) {
        try (Checkpoint checkpoint = options.open()) {
            check(checkpoint);
            int length = prefix + doc + gen;
            if (mostSlots < 6 || length < 64) {
                throw new InvalidInputException(
                        "--fit needs --slots of 6 or more, and --prefix, --doc and --gen of 64 or more together");
            }
            return new BenchFit(options)
                    .write(file, checkpoint, mostSlots, length, Math.max(tokenBudget, mostSlots), rounds);
        }
    }

    private Map<String, Object> engineAlone() throws InterruptedException {
        try (Checkpoint checkpoint = options.open()) {
            check(checkpoint);
            int slots = Math.min(docs + (sharing() ? 1 : 0), mostSlots);
            int length = prefix + doc + gen;
            try (GenerationEngine engine = options.start(checkpoint, slots, length, Math.max(tokenBudget, slots))) {
                List<BenchRound> measured = new ArrayList<>();
                for (int round = 0; round <= rounds; round++) {
                    BenchRound result = round(engine);
                    if (round > 0) {
                        measured.add(result);
                    }
                }
                return report(checkpoint, measured);
            }
        }
    }

    private void requireCounts() {
        if (IntStream.of(docs, doc, gen, rounds, mostSlots, requests, each).anyMatch(count -> count < 1)
                || prefix < 0) {
            throw new InvalidInputException(
                    "--docs, --doc, --gen, --rounds, --slots, --requests and --each must be 1 or more, --prefix 0");
        }
    }

    private void check(Checkpoint checkpoint) {
        requireCounts();
        if (vocabulary + 3 > checkpoint.config().vocabulary()) {
            throw new InvalidInputException("--vocab " + vocabulary + " is more than this model's vocabulary of "
                    + checkpoint.config().vocabulary() + " has ids for; give at most "
                    + (checkpoint.config().vocabulary() - 3));
        }
        if (prefix + doc + gen > checkpoint.config().contextLength()) {
            throw new InvalidInputException("--prefix, --doc and --gen add up to " + (prefix + doc + gen)
                    + ", more than the model's context of "
                    + checkpoint.config().contextLength());
        }
    }

    private boolean sharing() {
        return prefix > 0 && docs > 1;
    }

    /** Token i of document d: any engine can build the same ids. */
    private int id(int d, int i) {
        return (int) (3 + ((long) i * 37 + (i < prefix ? 0 : d) * 1009L + 11) % vocabulary);
    }

    private BenchRound round(GenerationEngine engine) throws InterruptedException {
        BenchRound round = new BenchRound(docs);
        List<SequenceRequest> sequences = new ArrayList<>();
        for (int d = 0; d < docs; d++) {
            int document = d;
            int[] prompt =
                    IntStream.range(0, prefix + doc).map(i -> id(document, i)).toArray();
            StopRule never = new StopRule(Set.of(), List.of());
            sequences.add(new SequenceRequest(
                    prompt, gen, new int[0], SamplingPolicy.GREEDY, never, round.listener(document)));
        }
        round.begin();
        engine.submit(sequences, sharing() ? prefix : 0);
        round.await();
        return round;
    }

    private Map<String, Object> report(Checkpoint checkpoint, List<BenchRound> measured) {
        Map<String, Object> seconds = new LinkedHashMap<>();
        seconds.put("prefill", seconds(measured, BenchRound::prefillSeconds));
        seconds.put("decode", seconds(measured, BenchRound::decodeSeconds));
        seconds.put("total", seconds(measured, BenchRound::totalSeconds));
        double prefill = best(measured, BenchRound::prefillSeconds);
        double decodeRate = measured.stream()
                .mapToDouble(round -> round.tokensAfterPrefill() / Math.max(1e-9, round.decodeSeconds()))
                .max()
                .orElseThrow();
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("engine", "whyrank");
        report.put("file", checkpoint.name());
        report.put("dtype", options.precision.name().toLowerCase(Locale.ROOT));
        report.put("docs", docs);
        report.put("prefix", prefix);
        report.put("doc", doc);
        report.put("gen", gen);
        report.put("threads", options.threads);
        report.put("prefix_shared", sharing());
        report.put("resident_mb", ProcessMemory.anonymousMebibytes());
        report.put("seconds", seconds);
        report.put("prefill_tokens_per_s", Math.round(docs * (double) (prefix + doc) / prefill));
        report.put("decode_tokens_per_s", Math.round(decodeRate));
        report.put("greedy_head", measured.get(measured.size() - 1).head(4, 8));
        return report;
    }

    private static Map<String, Double> seconds(List<BenchRound> rounds, ToDoubleFunction<BenchRound> figure) {
        double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
        Map<String, Double> seconds = new LinkedHashMap<>();
        seconds.put("best", Math.round(sorted[0] * 1000) / 1000.0);
        seconds.put("median", Math.round(sorted[sorted.length / 2] * 1000) / 1000.0);
        return seconds;
    }

    private static double best(List<BenchRound> rounds, ToDoubleFunction<BenchRound> figure) {
        return rounds.stream().mapToDouble(figure).min().orElseThrow();
    }
}
