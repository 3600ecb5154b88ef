package dev.whyrank.train.refinement;

import dev.whyrank.checkpoint.Checkpoint;
import dev.whyrank.checkpoint.CheckpointFingerprint;
import dev.whyrank.checkpoint.CheckpointOptions;
import dev.whyrank.model.InvalidInputException;
import dev.whyrank.model.torch.TorchOptions;
import dev.whyrank.rerank.QueryPrompt;
import dev.whyrank.train.refinement.Weighing.Preference;
import dev.whyrank.train.refinement.Weighing.Scored;
import dev.whyrank.train.refinement.Weighing.Weighed;
import dev.whyrank.train.tuning.Example;
import dev.whyrank.train.tuning.ExampleMaker;
import dev.whyrank.train.tuning.ExampleMaker.Task;
import dev.whyrank.train.tuning.RunSettings;
import dev.whyrank.train.tuning.TrainingRecord.Judged;
import dev.whyrank.train.tuning.Tuning;
import dev.whyrank.train.tuning.TuningListener;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * One round: sample, score, weigh, learn.
 *
 * @param model folder of the model as it is now
 * @param adapter its adapter, or null
 * @param sampling the engine that samples
 * @param settings how it samples
 */
public record Refinement(
        Path model, @Nullable Path adapter, TorchOptions sampling, Sampler.Settings settings, Weighing weighing) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * What a round found, in numbers. Rewards and agreement are the model's own, the teacher left out.
     *
     * @param asked pairs and questions for which queries are wanted
     * @param answers to them
     * @param learnt answers that are to be learnt, the teacher's among them
     * @param leftOut answers without a reward, the teacher's among them
     * @param labelAgreement share of the answers to pairs with the teacher's label; not a number without pairs
     */
    public record Summary(int asked, int answers, int learnt, int leftOut, double meanReward, double labelAgreement) {}

    /** What decides the answers of a round. */
    public RunSettings sampled(List<? extends Asked> asked) {
        return new RunSettings(Map.of(
                "model", CheckpointFingerprint.of(model),
                "adapter", adapter == null ? "none" : CheckpointFingerprint.of(adapter),
                "data", RunSettings.hash(asked.stream().map(Object::toString).toList()),
                "samples", String.valueOf(settings.count()),
                "temperature", String.valueOf(settings.temperature()),
                "max-new-tokens", String.valueOf(settings.maxNewTokens()),
                "seed", String.valueOf(settings.seed())));
    }

    /**
     * Samples and rewards. The teacher's answer is rewarded as if it had been written by the model. The model is gone
     * from memory when the scorer is called. Answers and rewards are kept in a folder as soon as all are there, and taken
     * from there if the round is begun again: what a model writes depends on what else it writes at the time, in the last
     * bits, and rewards may be paid for.
     *
     * @throws InvalidInputException if the folder has those of another round
     */
    public List<Scored> score(List<? extends Asked> asked, Scorer scorer, Path folder) throws IOException {
        Files.createDirectories(folder);
        List<String> answers = new KeptLines(folder.resolve("answers.jsonl"), sampled(asked)).or(() -> sample(asked));
        List<Answered> answered = IntStream.range(0, asked.size())
                .mapToObj(i -> answered(asked.get(i), answers.get(i)))
                .toList();
        RunSettings rewarded = new RunSettings(Map.of("answers", RunSettings.hash(answers), "reward", scorer.name()));
        List<String> rewards = new KeptLines(folder.resolve("rewards.jsonl"), rewarded)
                .or(() -> scorer.rewards(answered).stream()
                        .map(JSON::writeValueAsString)
                        .toList());
        return IntStream.range(0, answered.size())
                .mapToObj(i -> scored(answered.get(i), JSON.readValue(rewards.get(i), double[].class)))
                .toList();
    }

    private List<String> sample(List<? extends Asked> asked) {
        CheckpointOptions options = CheckpointOptions.DEFAULT.withAdapter(adapter);
        try (Checkpoint checkpoint = Checkpoint.open(model, options);
                Sampler sampler = new Sampler(checkpoint, sampling, Task.EXPLAIN, settings)) {
            return sampler.answered(asked).stream()
                    .map(one -> JSON.writeValueAsString(one.samples()))
                    .toList();
        }
    }

    private static Answered answered(Asked asked, String samples) {
        Class<? extends Response[]> kind = asked instanceof Pair ? Answer[].class : QueryList[].class;
        return new Answered(asked, List.of(JSON.readValue(samples, kind)));
    }

    private static Scored scored(Answered answered, double[] rewards) {
        return new Scored(answered.asked(), answered.samples(), answered.asked().reference(), rewards);
    }

    /** Sums a round up. */
    public Summary summary(List<Scored> scored) {
        DoubleSummaryStatistics rewards = new DoubleSummaryStatistics();
        DoubleSummaryStatistics agreement = new DoubleSummaryStatistics();
        int leftOut = 0;
        for (Scored one : scored) {
            Arrays.stream(one.rewards())
                    .limit(one.samples().size())
                    .filter(reward -> !Double.isNaN(reward))
                    .forEach(rewards);
            leftOut += (int) Arrays.stream(one.rewards()).filter(Double::isNaN).count();
            for (Response response : one.samples()) {
                if (one.asked() instanceof Pair pair && response instanceof Answer answer) {
                    agreement.accept(answer.label() == pair.teacher().label() ? 1 : 0);
                }
            }
        }
        return new Summary(
                scored.size(),
                scored.stream().mapToInt(one -> one.samples().size()).sum(),
                scored.stream().mapToInt(one -> weighing.of(one).size()).sum(),
                leftOut,
                rewards.getAverage(),
                agreement.getCount() == 0 ? Double.NaN : agreement.getAverage());
    }

    /**
     * Learns what was good.
     *
     * @return steps made in all
     * @throws InvalidInputException if nothing was good enough, or nothing of it short enough
     */
    public int learn(List<Scored> scored, Tuning tuning, TuningListener listener) throws IOException {
        List<Weighed> weighed =
                scored.stream().flatMap(one -> weighing.of(one).stream()).toList();
        if (weighed.isEmpty()) {
            throw new InvalidInputException("no answer is good enough to learn, or none has a"
                    + " reward: lower --min-reward, raise --max-length, or distil longer");
        }
        int room = tuning.options().maxLength();
        return tuning.run(
                checkpoint ->
                        new Tuning.Source.Examples(examples(new ExampleMaker(checkpoint, room), weighed), List.of()),
                listener);
    }

    static List<Example> examples(ExampleMaker maker, List<Weighed> weighed) {
        List<Example> examples =
                weighed.stream().flatMap(one -> example(maker, one).stream()).toList();
        if (examples.isEmpty()) {
            throw new InvalidInputException("no list of queries that is good enough fits --max-length; raise it");
        }
        return examples;
    }

    private static Optional<Example> example(ExampleMaker maker, Weighed one) {
        Optional<Example> example;
        if (one.asked() instanceof Pair pair && one.response() instanceof Answer answer) {
            Judged judged = new Judged(pair.teacher().text(), answer.label(), answer.explanation());
            example = Optional.of(maker.judgement(Task.EXPLAIN, pair.question(), judged));
        } else {
            example = maker.queries(one.asked().question(), ((QueryList) one.response()).queries());
        }
        return example.map(made -> made.weighing(one.weight()));
    }

    /** Writes the best and the worst answer to each, one JSON object a line, for preference learning elsewhere. */
    public static void writePreferences(List<Scored> scored, Path file) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (Scored one : scored) {
                Optional<Preference> preference = Weighing.preference(one);
                if (preference.isPresent()) {
                    out.write(JSON.writeValueAsString(json(preference.get())));
                    out.newLine();
                }
            }
        }
    }

    private static ObjectNode json(Preference preference) {
        Asked asked = preference.asked();
        ObjectNode line = JSON.createObjectNode().put(asked instanceof Pair ? "pair" : "topic", asked.place());
        line.put("question", asked.question());
        if (asked instanceof Pair pair) {
            line.put("document", pair.teacher().text());
        }
        return line.put("chosen", preference.chosen().words() + QueryPrompt.STOP)
                .put("rejected", preference.rejected().words() + QueryPrompt.STOP);
    }
}
