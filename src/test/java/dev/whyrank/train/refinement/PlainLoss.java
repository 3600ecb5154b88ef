package dev.whyrank.train.refinement;

import dev.whyrank.model.torch.TorchTrainer;
import dev.whyrank.model.torch.TrainingBatch;
import dev.whyrank.train.tuning.Example;
import java.util.stream.IntStream;

/** The mean negative log likelihood of an answer's tokens, computed from logits in plain loops. */
record PlainLoss(TorchTrainer trainer) {

    double of(Example example) {
        int[] all = IntStream.concat(IntStream.of(example.prompt()), IntStream.of(example.answer()))
                .toArray();
        int first = example.prompt().length - 1;
        int[] rows = IntStream.range(first, all.length - 1).toArray();
        float[][] logits = trainer.logits(
                new TrainingBatch(new int[][] {all}, rows, example.answer(), new float[example.answer().length]));
        double sum = 0;
        for (int i = 0; i < logits.length; i++) {
            double total = 0;
            for (float logit : logits[i]) {
                total += Math.exp(logit);
            }
            sum += Math.log(total) - logits[i][example.answer()[i]];
        }
        return sum / logits.length;
    }
}
