package dev.whyrank.train.refinement;

import dev.whyrank.checkpoint.Checkpoint;
import dev.whyrank.generate.EngineListener;
import dev.whyrank.generate.EngineSettings;
import dev.whyrank.generate.FinishReason;
import dev.whyrank.generate.GenerationEngine;
import dev.whyrank.generate.SamplingPolicy;
import dev.whyrank.generate.SequenceListener;
import dev.whyrank.generate.SequenceRequest;
import dev.whyrank.generate.StopRule;
import dev.whyrank.model.torch.TorchLanguageModel;
import dev.whyrank.model.torch.TorchOptions;
import dev.whyrank.rerank.Judgement.LabelSource;
import dev.whyrank.rerank.PromptFormat;
import dev.whyrank.rerank.ReadAnswer;
import dev.whyrank.train.tuning.Chance;
import dev.whyrank.train.tuning.ExampleMaker;
import dev.whyrank.train.tuning.ExampleMaker.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Lets a model answer pairs, through the engine that serves. */
public final class Sampler implements AutoCloseable {

    private final Checkpoint checkpoint;
    private final GenerationEngine engine;
    private final ExampleMaker maker;
    private final Task task;
    private final Settings settings;

    /**
     * How answers are drawn.
     *
     * @param count answers to each pair
     * @param temperature 0 for the most likely answer
     * @param maxNewTokens after which an answer is given up
     * @param seed of the draws; a pair's answers depend on it and on the pair's place only
     */
    public record Settings(int count, float temperature, int maxNewTokens, long seed) {}

    /**
     * Starts an engine.
     *
     * @param checkpoint stays the caller's to close, after this
     * @param options of the model; labels are found here
     */
    public Sampler(Checkpoint checkpoint, TorchOptions options, Task task, Settings settings) {
        this.checkpoint = checkpoint;
        this.task = task;
        this.settings = settings;
        maker = new ExampleMaker(checkpoint, options.slotLength());
        TorchLanguageModel model = TorchLanguageModel.load(checkpoint.config(), checkpoint.weights(), options);
        EngineSettings engineSettings = new EngineSettings(Math.max(1024, options.slots()), Integer.MAX_VALUE, 1, 1);
        engine = GenerationEngine.generating(model, checkpoint.tokenizer(), engineSettings, EngineListener.NONE);
    }

    /** Answers all pairs; the result has one list for each, in order. */
    public List<List<Answer>> answers(List<Pair> pairs) {
        List<List<CompletableFuture<Answer>>> open = new ArrayList<>();
        for (Pair pair : pairs) {
            open.add(submit(pair));
        }
        return open.stream()
                .map(answers -> answers.stream().map(CompletableFuture::join).toList())
                .toList();
    }

    private List<CompletableFuture<Answer>> submit(Pair pair) {
        int[] prompt = maker.prompt(task, pair.question(), pair.teacher().text(), settings.maxNewTokens());
        PromptFormat format = maker.asking(task).format();
        StopRule stop = new StopRule(checkpoint.stopTokens(), format.stops());
        List<CompletableFuture<Answer>> answers = new ArrayList<>();
        List<SequenceRequest> sequences = new ArrayList<>();
        for (int i = 0; i < settings.count(); i++) {
            long seed = Chance.seed(settings.seed(), (long) pair.place() * settings.count() + i);
            Reader reader = new Reader(format);
            answers.add(reader.answer);
            SamplingPolicy policy = new SamplingPolicy(settings.temperature(), 1f, seed);
            sequences.add(new SequenceRequest(prompt, settings.maxNewTokens(), new int[0], policy, stop, reader));
        }
        engine.submit(sequences, sequences.size() > 1 ? prompt.length - 1 : 0);
        return answers;
    }

    /** Collects one answer. Called on the engine's thread. */
    private final class Reader implements SequenceListener {

        private final PromptFormat format;
        private final List<Integer> tokens = new ArrayList<>();
        private final CompletableFuture<Answer> answer = new CompletableFuture<>();

        Reader(PromptFormat format) {
            this.format = format;
        }

        @Override
        public void started(int promptTokens, int cachedTokens) {}

        @Override
        public void token(int token, float[] labelLogProbabilities) {
            tokens.add(token);
        }

        @Override
        public void finished(FinishReason reason, float[] labelLogProbabilities) {
            int[] ids = tokens.stream().mapToInt(Integer::intValue).toArray();
            ReadAnswer read = ReadAnswer.of(format, checkpoint.tokenizer().decode(ids));
            answer.complete(new Answer(
                    ids,
                    read.explanation(),
                    read.label(),
                    reason == FinishReason.STOP,
                    read.source() == LabelSource.STATED));
        }

        @Override
        public void failed(RuntimeException cause) {
            answer.completeExceptionally(cause);
        }
    }

    @Override
    public void close() {
        engine.close();
    }
}
