package dev.whyrank.train.laboratory;

import dev.whyrank.checkpoint.Checkpoint;
import dev.whyrank.train.refinement.Answer;
import dev.whyrank.train.refinement.Answered;
import dev.whyrank.train.refinement.Pair;
import dev.whyrank.train.refinement.Sampler;
import dev.whyrank.train.tuning.ExampleMaker.Task;
import dev.whyrank.train.tuning.TrainingRecord;
import java.nio.file.Path;
import java.util.List;

/** Asks a model the questions of a test set, through the engine that serves, and checks answers against the texts. */
final class Exam {

    private Exam() {}

    /**
     * What came of it.
     *
     * @param asked documents
     * @param labels right ones
     * @param derivations right ones, word for word, label included; 0 for a model that writes none
     */
    record Marks(int asked, int labels, int derivations) {

        double labelAccuracy() {
            return (double) labels / asked;
        }

        double derivationAccuracy() {
            return (double) derivations / asked;
        }
    }

    static Marks take(Path model, Task task, Path test, int threads) {
        List<Pair> pairs = Pair.of(TrainingRecord.read(test));
        Sampler.Settings greedy = new Sampler.Settings(1, 0, LaboratoryRun.ANSWER, 0);
        try (Checkpoint checkpoint = Checkpoint.open(model);
                Sampler sampler = new Sampler(checkpoint, LaboratoryRun.serving(threads), task, greedy)) {
            List<Answered> answered = sampler.answered(pairs);
            int labels = 0;
            int derivations = 0;
            for (int i = 0; i < pairs.size(); i++) {
                Derivation truth = Derivation.of(
                        pairs.get(i).question(), pairs.get(i).teacher().text());
                Answer answer = (Answer) answered.get(i).samples().get(0);
                boolean right = answer.stated() && answer.label() == truth.label();
                labels += right ? 1 : 0;
                derivations += right && truth.matches(answer.explanation()) ? 1 : 0;
            }
            return new Marks(pairs.size(), labels, derivations);
        }
    }
}
