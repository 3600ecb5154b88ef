package dev.whyrank;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.onnx.allminilml6v2.AllMiniLmL6V2EmbeddingModel;
import dev.whyrank.checkpoint.MiniLm;
import dev.whyrank.generate.EngineListener;
import dev.whyrank.generate.EngineSettings;
import dev.whyrank.generate.GenerationEngine;
import dev.whyrank.tokenize.Tokenizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.ObjectMapper;

/**
 * Texts per second of the embedded encoder beside LangChain4j's in-process model (ONNX Runtime), text in, vector out, on
 * the same weights and texts, both in float32, in turn. LangChain4j splits texts over an executor, which has two
 * threads here; ONNX Runtime's own are one for each core. Prints one JSON line.
 */
@Command(name = "embeddings", mixinStandardHelpOptions = true)
final class EmbeddingBenchmark implements Callable<Integer> {

    private static final int SHORTEST = 5;
    private static final double SAME = 0.9999;

    /** Texts that one caller hands to the engine together. */
    private static final int TOGETHER = 32;

    private static final String[] WORDS = ("water heat time long keep cold large small number system engine light part"
                    + " metal plant animal river city people language sound music paper price market garden window"
                    + " kitchen bread salt sugar oil grow build carry measure change turn read write answer question")
            .split(" ");

    @Option(names = "--texts", defaultValue = "256", description = "Texts of a round (default: 256).")
    private int texts;

    @Option(
            names = "--longest",
            defaultValue = "120",
            description = "Words of the longest; LangChain4j's tokenizer reads no more than 128 tokens (default: 120).")
    private int longest;

    @Option(names = "--rounds", defaultValue = "5", description = "Rounds after one that warms up (default: 5).")
    private int rounds;

    @Option(names = "--threads", defaultValue = "2", description = "Of libtorch and of the executor (default: 2).")
    private int threads;

    @Option(names = "--budget", defaultValue = "0", description = "Tokens of a batch (default: the service's).")
    private int budget;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    public static void main(String[] args) {
        System.exit(new CommandLine(new EmbeddingBenchmark()).execute(args));
    }

    /** One side: vectors for texts. */
    @FunctionalInterface
    private interface Side {

        List<float[]> embed(List<String> texts);
    }

    @Override
    public Integer call() {
        EngineSettings defaults = EngineSettings.DEFAULT;
        EngineSettings settings = budget == 0
                ? defaults
                : new EngineSettings(
                        defaults.tokenBudget(), defaults.inboxCapacity(), budget, defaults.encoderCapacity());
        MiniLm model = MiniLm.load("cpu", threads);
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try (Tokenizer tokenizer = model.tokenizer();
                GenerationEngine engine = GenerationEngine.encoding(model.encoder(), settings, EngineListener.NONE)) {
            AllMiniLmL6V2EmbeddingModel onnx = new AllMiniLmL6V2EmbeddingModel(executor);
            Side theirs = all -> theirs(onnx, all);
            Side ours = all -> ours(tokenizer, engine, all);
            spec.commandLine().getOut().println(new ObjectMapper().writeValueAsString(compare(ours, theirs)));
        } finally {
            executor.shutdown();
        }
        return 0;
    }

    private Map<String, Object> compare(Side ours, Side theirs) {
        List<String> all = texts(new Random(1));
        double agreement = agreement(ours.embed(all), theirs.embed(all));
        if (agreement < SAME) {
            throw new IllegalStateException("the two sides' vectors of a text differ: cosine " + agreement);
        }
        List<Double> ourSeconds = new ArrayList<>();
        List<Double> theirSeconds = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            // Whoever comes second in one round comes first in the next, so that a drift favours neither.
            if (round % 2 == 0) {
                ourSeconds.add(seconds(ours, all));
                theirSeconds.add(seconds(theirs, all));
            } else {
                theirSeconds.add(seconds(theirs, all));
                ourSeconds.add(seconds(ours, all));
            }
        }
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("texts", texts);
        report.put("rounds", rounds);
        report.put("threads", threads);
        report.put("least_cosine", agreement);
        report.put("whyrank_texts_per_s", Math.round(texts * rounds / sum(ourSeconds)));
        report.put("langchain4j_texts_per_s", Math.round(texts * rounds / sum(theirSeconds)));
        report.put("whyrank_of_langchain4j", rounded(sum(theirSeconds) / sum(ourSeconds)));
        report.put(
                "by_round",
                IntStream.range(0, rounds)
                        .mapToObj(i -> rounded(theirSeconds.get(i) / ourSeconds.get(i)))
                        .toList());
        return report;
    }

    private static List<float[]> theirs(AllMiniLmL6V2EmbeddingModel model, List<String> texts) {
        return model.embedAll(texts.stream().map(TextSegment::from).toList()).content().stream()
                .map(Embedding::vector)
                .toList();
    }

    private static List<float[]> ours(Tokenizer tokenizer, GenerationEngine engine, List<String> texts) {
        int[] start = tokenizer.encodeMarkup("[CLS]");
        int[] end = tokenizer.encodeMarkup("[SEP]");
        List<CompletableFuture<List<float[]>>> parts = new ArrayList<>();
        for (int from = 0; from < texts.size(); from += TOGETHER) {
            parts.add(engine.encode(texts.subList(from, Math.min(texts.size(), from + TOGETHER)).stream()
                    .map(text -> IntStream.concat(
                                    IntStream.concat(IntStream.of(start), IntStream.of(tokenizer.encodeText(text))),
                                    IntStream.of(end))
                            .toArray())
                    .toList()));
        }
        return parts.stream().flatMap(part -> part.join().stream()).toList();
    }

    /** The least cosine between the two sides' vectors of a text; theirs and ours have length one. */
    private static double agreement(List<float[]> ours, List<float[]> theirs) {
        return IntStream.range(0, ours.size())
                .mapToDouble(i -> {
                    float[] a = ours.get(i);
                    float[] b = theirs.get(i);
                    return IntStream.range(0, a.length)
                            .mapToDouble(j -> a[j] * b[j])
                            .sum();
                })
                .min()
                .orElseThrow();
    }

    private static double seconds(Side side, List<String> texts) {
        long begin = System.nanoTime();
        int count = side.embed(texts).size();
        if (count != texts.size()) {
            throw new IllegalStateException(count + " vectors for " + texts.size() + " texts");
        }
        return (System.nanoTime() - begin) / 1e9;
    }

    /** Lengths are spread evenly on a logarithmic scale: many short texts, some long ones. */
    private List<String> texts(Random random) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < texts; i++) {
            int words = (int) Math.round(SHORTEST * Math.pow((double) longest / SHORTEST, random.nextDouble()));
            all.add(IntStream.range(0, words)
                    .mapToObj(word -> WORDS[random.nextInt(WORDS.length)])
                    .collect(Collectors.joining(" ")));
        }
        return all;
    }

    private static double sum(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).sum();
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
