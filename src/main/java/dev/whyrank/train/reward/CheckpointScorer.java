package dev.whyrank.train.reward;

import dev.whyrank.checkpoint.CheckpointFingerprint;
import dev.whyrank.checkpoint.RewardCheckpoint;
import dev.whyrank.generate.EngineListener;
import dev.whyrank.generate.EngineSettings;
import dev.whyrank.generate.FinishReason;
import dev.whyrank.generate.GenerationEngine;
import dev.whyrank.generate.SamplingPolicy;
import dev.whyrank.generate.SequenceListener;
import dev.whyrank.generate.SequenceRequest;
import dev.whyrank.generate.StopRule;
import dev.whyrank.model.InvalidInputException;
import dev.whyrank.model.torch.TorchLanguageModel;
import dev.whyrank.model.torch.TorchOptions;
import dev.whyrank.train.refinement.Answered;
import dev.whyrank.train.refinement.Scorer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Lets a reward model score each answer, on the engine that serves: the task is the user's turn, which all answers to it
 * share in the cache, and the answer the assistant's.
 *
 * @param folder of the reward model
 * @param options how it is held
 */
public record CheckpointScorer(Path folder, TorchOptions options) implements Scorer {

    private static final SamplingPolicy GREEDY = new SamplingPolicy(0, 1, 0);
    private static final StopRule NEVER = new StopRule(Set.of(), List.of());

    /**
     * Checks the folder, long before it is needed.
     *
     * @throws InvalidInputException if it holds no reward model
     */
    public CheckpointScorer {
        RewardCheckpoint.open(folder).close();
    }

    /** Scores all answers but those to a question that, with one of them, leaves no room for a document. */
    @Override
    public List<double[]> rewards(List<Answered> answered) {
        try (RewardCheckpoint checkpoint = RewardCheckpoint.open(folder);
                GenerationEngine engine = engine(checkpoint)) {
            List<List<CompletableFuture<Double>>> open = answered.stream()
                    .map(one -> submit(engine, new Chat(checkpoint, one)))
                    .toList();
            return open.stream()
                    .map(scores ->
                            scores.stream().mapToDouble(CompletableFuture::join).toArray())
                    .toList();
        }
    }

    @Override
    public String name() {
        return "checkpoint " + CheckpointFingerprint.of(folder);
    }

    private GenerationEngine engine(RewardCheckpoint checkpoint) {
        int[] labels =
                RewardCheckpoint.LABELS.stream().mapToInt(Integer::intValue).toArray();
        TorchOptions reading = new TorchOptions(
                options.precision(),
                options.device(),
                options.threads(),
                options.slots(),
                options.slotLength(),
                labels);
        TorchLanguageModel model = TorchLanguageModel.load(checkpoint.config(), checkpoint.weights(), reading);
        EngineSettings settings = new EngineSettings(Math.max(1024, options.slots()), Integer.MAX_VALUE, 1, 1);
        return GenerationEngine.generating(model, checkpoint.tokenizer(), settings, EngineListener.NONE);
    }

    private List<CompletableFuture<Double>> submit(GenerationEngine engine, Chat chat) {
        Optional<int[]> shared = chat.shared(options.slotLength());
        return shared.isEmpty()
                ? Collections.nCopies(chat.answers.size(), CompletableFuture.completedFuture(Double.NaN))
                : submit(engine, shared.get(), chat.answers);
    }

    private static List<CompletableFuture<Double>> submit(GenerationEngine engine, int[] shared, List<int[]> answers) {
        List<CompletableFuture<Double>> scores = new ArrayList<>();
        List<SequenceRequest> sequences = new ArrayList<>();
        for (int[] answer : answers) {
            Reader reader = new Reader();
            scores.add(reader.score);
            sequences.add(new SequenceRequest(Chat.joined(shared, answer), 0, new int[0], GREEDY, NEVER, reader));
        }
        engine.submit(sequences, shared.length);
        return scores;
    }

    /** The turns about one thing that was asked, in tokens. */
    private static final class Chat {

        private final RewardCheckpoint checkpoint;
        private final Answered answered;
        private final List<int[]> answers;

        Chat(RewardCheckpoint checkpoint, Answered answered) {
            this.checkpoint = checkpoint;
            this.answered = answered;
            int[] end = checkpoint.tokenizer().encodeMarkup(checkpoint.turnEnd());
            answers = answered.responses().stream()
                    .map(response -> joined(text(response.words()), end))
                    .toList();
        }

        /** The user's turn, whose document is cut until the longest answer fits beside it; nothing if none of it is left. */
        Optional<int[]> shared(int room) {
            int[] before = checkpoint.tokenizer().encodeMarkup(checkpoint.chat().before());
            int[] after = checkpoint.tokenizer().encodeMarkup(checkpoint.chat().after());
            int longest =
                    answers.stream().mapToInt(answer -> answer.length).max().orElse(0);
            int left = room - before.length - after.length - longest;
            int[] task = text(RewardWords.task(answered.asked()));
            if (left < task.length && left <= text(RewardWords.head(answered.asked())).length) {
                return Optional.empty();
            }
            return Optional.of(joined(before, Arrays.copyOf(task, Math.min(task.length, left)), after));
        }

        private int[] text(String words) {
            return checkpoint.tokenizer().encodeText(words.strip());
        }

        static int[] joined(int[]... parts) {
            return Stream.of(parts).flatMapToInt(IntStream::of).toArray();
        }
    }

    /** Takes one score. Called on the engine's thread. */
    private static final class Reader implements SequenceListener {

        private final CompletableFuture<Double> score = new CompletableFuture<>();

        @Override
        public void started(int promptTokens, int cachedTokens) {}

        @Override
        public void token(int token, float[] labelLogProbabilities) {}

        @Override
        public void finished(FinishReason reason, float[] labelLogProbabilities) {
            score.complete((double) labelLogProbabilities[0] - labelLogProbabilities[1]);
        }

        @Override
        public void failed(RuntimeException cause) {
            score.completeExceptionally(cause);
        }
    }
}
