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
import dev.whyrank.rerank.QueryPrompt;
import dev.whyrank.rerank.QueryWriter;
import dev.whyrank.rerank.ReadAnswer;
import dev.whyrank.train.tuning.Chance;
import dev.whyrank.train.tuning.ExampleMaker;
import dev.whyrank.train.tuning.ExampleMaker.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/** Lets a model answer, through the engine that serves. */
public final class Sampler implements AutoCloseable {

    private final Checkpoint checkpoint;
    private final GenerationEngine engine;
    private final ExampleMaker maker;
    private final Task task;
    private final Settings settings;

    /**
     * How answers are drawn.
     *
     * @param count answers to each
     * @param temperature 0 for the most likely answer
     * @param maxNewTokens after which an answer is given up
     * @param seed of the draws; answers depend on it and on the place of what is asked only
     */
    public record Settings(int count, float temperature, int maxNewTokens, long seed) {}

    /**
     * Starts an engine.
     *
     * @param checkpoint stays the caller's to close, after this
     * @param options of the model; labels are found here
     * @param task how pairs are asked about
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

    /** Answers all that is asked; the result has one list for each, in order. */
    public List<Answered> answered(List<? extends Asked> asked) {
        List<List<CompletableFuture<Response>>> open = new ArrayList<>();
        for (Asked one : asked) {
            open.add(one instanceof Pair pair ? submit(pair) : submit((Topic) one));
        }
        return IntStream.range(0, asked.size())
                .mapToObj(i -> new Answered(
                        asked.get(i),
                        open.get(i).stream().map(CompletableFuture::join).toList()))
                .toList();
    }

    private List<CompletableFuture<Response>> submit(Pair pair) {
        int[] prompt = maker.prompt(task, pair.question(), pair.teacher().text(), settings.maxNewTokens());
        PromptFormat format = maker.asking(task).format();
        return submit(pair, prompt, format.stops(), (text, finished) -> {
            ReadAnswer read = ReadAnswer.of(format, text);
            return new Answer(read.explanation(), read.label(), finished, read.source() == LabelSource.STATED);
        });
    }

    private List<CompletableFuture<Response>> submit(Topic topic) {
        int[] prompt = maker.queriesPrompt(topic.question(), settings.maxNewTokens());
        return submit(
                topic,
                prompt,
                List.of(QueryPrompt.STOP),
                (text, finished) -> new QueryList(QueryPrompt.parse(text, QueryWriter.MOST), finished));
    }

    private List<CompletableFuture<Response>> submit(Asked asked, int[] prompt, List<String> stops, Reading reading) {
        StopRule stop = new StopRule(checkpoint.stopTokens(), stops);
        List<CompletableFuture<Response>> responses = new ArrayList<>();
        List<SequenceRequest> sequences = new ArrayList<>();
        for (int i = 0; i < settings.count(); i++) {
            long seed = Chance.seed(settings.seed(), (long) asked.place() * settings.count() + i);
            Reader reader = new Reader(reading);
            responses.add(reader.response);
            SamplingPolicy policy = new SamplingPolicy(settings.temperature(), 1f, seed);
            sequences.add(new SequenceRequest(prompt, settings.maxNewTokens(), new int[0], policy, stop, reader));
        }
        engine.submit(sequences, sequences.size() > 1 ? prompt.length - 1 : 0);
        return responses;
    }

    /** Makes a response of what was generated. */
    @FunctionalInterface
    private interface Reading {

        Response of(String text, boolean finished);
    }

    /** Collects one response. Called on the engine's thread. */
    private final class Reader implements SequenceListener {

        private final Reading reading;
        private final List<Integer> tokens = new ArrayList<>();
        private final CompletableFuture<Response> response = new CompletableFuture<>();

        Reader(Reading reading) {
            this.reading = reading;
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
            response.complete(reading.of(checkpoint.tokenizer().decode(ids), reason == FinishReason.STOP));
        }

        @Override
        public void failed(RuntimeException cause) {
            response.completeExceptionally(cause);
        }
    }

    @Override
    public void close() {
        engine.close();
    }
}
