package dev.whyrank.train.refinement;

import dev.whyrank.checkpoint.Checkpoint;
import dev.whyrank.checkpoint.CheckpointOptions;
import dev.whyrank.model.InvalidInputException;
import dev.whyrank.model.torch.TorchOptions;
import dev.whyrank.train.refinement.Weighing.Scored;
import dev.whyrank.train.refinement.Weighing.Weighed;
import dev.whyrank.train.tuning.Example;
import dev.whyrank.train.tuning.ExampleMaker;
import dev.whyrank.train.tuning.ExampleMaker.Task;
import dev.whyrank.train.tuning.TrainingRecord.Judged;
import dev.whyrank.train.tuning.Tuning;
import dev.whyrank.train.tuning.TuningListener;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.ObjectMapper;

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

    /** Told what a round found. */
    public record Summary(int pairs, int answers, int learnt, double meanReward, double labelAgreement) {}

    /** Samples and scores. The teacher's answer is scored as if it had been written by the model. */
    public List<Scored> score(List<Pair> pairs, Reward reward) {
        List<Scored> scored = new ArrayList<>();
        CheckpointOptions options = CheckpointOptions.DEFAULT.withAdapter(adapter);
        try (Checkpoint checkpoint = Checkpoint.open(model, options);
                Sampler sampler = new Sampler(checkpoint, sampling, Task.EXPLAIN, settings)) {
            List<List<Answer>> answers = sampler.answers(pairs);
            for (int i = 0; i < pairs.size(); i++) {
                scored.add(score(pairs.get(i), answers.get(i), reward));
            }
        }
        return scored;
    }

    private static Scored score(Pair pair, List<Answer> samples, Reward reward) {
        Judged judged = pair.teacher();
        Answer teacher = new Answer(new int[0], judged.explanation(), judged.label(), true, true);
        double[] rewards = new double[samples.size() + 1];
        for (int i = 0; i < samples.size(); i++) {
            rewards[i] = reward.of(pair, samples.get(i));
        }
        rewards[samples.size()] = reward.of(pair, teacher);
        return new Scored(pair, samples, teacher, rewards);
    }

    /** What was found, in numbers; rewards and agreement are the model's own, the teacher left out. */
    public Summary summary(List<Scored> scored) {
        int answers = 0;
        int agreeing = 0;
        double rewards = 0;
        for (Scored one : scored) {
            for (int i = 0; i < one.samples().size(); i++) {
                answers++;
                rewards += one.rewards()[i];
                agreeing += one.samples().get(i).label() == one.pair().teacher().label() ? 1 : 0;
            }
        }
        int learnt = scored.stream().mapToInt(one -> weighing.of(one).size()).sum();
        return new Summary(
                scored.size(),
                answers,
                learnt,
                rewards / Math.max(1, answers),
                (double) agreeing / Math.max(1, answers));
    }

    /**
     * Learns what was good.
     *
     * @return steps made in all
     * @throws InvalidInputException if nothing was good enough
     */
    public int learn(List<Scored> scored, Tuning tuning, TuningListener listener) throws IOException {
        List<Weighed> weighed =
                scored.stream().flatMap(one -> weighing.of(one).stream()).toList();
        if (weighed.isEmpty()) {
            throw new InvalidInputException("no answer is good enough to learn: lower --min-reward, or distil longer");
        }
        return tuning.run(
                checkpoint -> new Tuning.Source.Examples(
                        examples(new ExampleMaker(checkpoint, tuning.options().maxLength()), weighed), List.of()),
                listener);
    }

    static List<Example> examples(ExampleMaker maker, List<Weighed> weighed) {
        return weighed.stream()
                .map(one -> maker.judgement(
                                Task.EXPLAIN,
                                one.pair().question(),
                                new Judged(
                                        one.pair().teacher().text(),
                                        one.answer().label(),
                                        one.answer().explanation()))
                        .weighing(one.weight()))
                .toList();
    }

    /** Writes the best and the worst answer of each pair, one JSON object a line, for preference learning elsewhere. */
    public static void writePreferences(List<Scored> scored, Path file) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (Scored one : scored) {
                var preference = Weighing.preference(one);
                if (preference.isPresent()) {
                    out.write(JSON.writeValueAsString(JSON.createObjectNode()
                            .put("pair", one.pair().place())
                            .put("question", one.pair().question())
                            .put("document", one.pair().teacher().text())
                            .put("chosen", text(preference.get().chosen()))
                            .put("rejected", text(preference.get().rejected()))));
                    out.newLine();
                }
            }
        }
    }

    private static String text(Answer answer) {
        return answer.explanation() + "\n\nRelevance Label: " + answer.label() + " ##";
    }
}
