package dev.whyrank.train;

import dev.whyrank.checkpoint.MiniLm;
import dev.whyrank.generate.EngineListener;
import dev.whyrank.generate.EngineSettings;
import dev.whyrank.generate.GenerationEngine;
import dev.whyrank.model.InvalidInputException;
import dev.whyrank.rerank.EvidenceFeatures;
import dev.whyrank.rerank.EvidenceJudge;
import dev.whyrank.rerank.LocalReranker;
import dev.whyrank.rerank.OrdinalScale;
import dev.whyrank.rerank.RequestBm25;
import dev.whyrank.rerank.RerankObserver;
import dev.whyrank.rerank.TextAnalysis;
import dev.whyrank.rerank.TokenCodec;
import dev.whyrank.tokenize.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Fits and measures how the embedded model judges. Holds the model; used by one thread. */
public final class EvidenceStudy implements AutoCloseable {

    private static final int FEWEST = 20;

    private final Tokenizer tokenizer;
    private final GenerationEngine engine;

    private EvidenceStudy(MiniLm model) {
        this.tokenizer = model.tokenizer();
        this.engine = GenerationEngine.encoding(model.encoder(), EngineSettings.DEFAULT, EngineListener.NONE);
    }

    /**
     * What the embedded default, asked as a client would, made of questions.
     *
     * @param judged each question's documents
     * @param bestFirst questions whose first document has the question's best label
     * @param quotes sentences that explanations quote
     * @param verbatim those of them that their document holds word for word
     */
    public record Outcome(List<List<Judged>> judged, int bestFirst, int quotes, int verbatim) {}

    /** Loads the model. */
    public static EvidenceStudy open(String device, int threads) {
        return new EvidenceStudy(MiniLm.load(device, threads));
    }

    /** Measures every document. */
    public List<Measured> measure(List<LabelledQuestion> questions) {
        EvidenceJudge judge = judge(OrdinalScale.minilm());
        return questions.stream()
                .map(question -> new Measured(judge.measure(question.text(), question.documents()), question.labels()))
                .toList();
    }

    /**
     * Fits a scale: its weights to the questions alone, its cuts to them and, as far as they leave it open, to the
     * questions kept for tuning.
     *
     * @throws InvalidInputException if there are too few questions
     */
    public OrdinalScale fit(List<Measured> questions, List<Measured> tuning, LabelWorth worth, long seed) {
        requireEnough(questions);
        return ScaleFitter.settled(ScaleFitter.fit(questions, worth, seed), tuning, worth);
    }

    /**
     * A fitted scale on questions that it was not fitted on, fold by fold.
     *
     * @throws InvalidInputException if there are too few questions
     */
    public List<List<Judged>> crossValidated(List<Measured> questions, LabelWorth worth, long seed) {
        requireEnough(questions);
        return ScaleFitter.crossValidated(questions, worth, seed);
    }

    private static void requireEnough(List<Measured> questions) {
        if (questions.size() < FEWEST) {
            throw new InvalidInputException("fitting needs at least " + FEWEST + " questions; these are "
                    + questions.size() + ", give a larger file");
        }
    }

    /** Orders by the question's own BM25; the labels given mean nothing. */
    public static List<List<Judged>> bm25(List<LabelledQuestion> questions) {
        return questions.stream()
                .map(question -> ranked(
                        question.labels(),
                        RequestBm25.scores(TextAnalysis.ENGLISH, question.text(), question.documents())))
                .toList();
    }

    /** Orders by the plain cosine; the labels given mean nothing. */
    public static List<List<Judged>> cosine(List<Measured> questions) {
        return questions.stream()
                .map(question -> ranked(
                        question.labels(),
                        question.features().stream()
                                .map(EvidenceFeatures::similarity)
                                .toList()))
                .toList();
    }

    private static List<Judged> ranked(List<Integer> labels, List<Double> scores) {
        return IntStream.range(0, labels.size())
                .mapToObj(i -> new Judged(labels.get(i), scores.get(i), 0))
                .toList();
    }

    /** Asks a reranker that judges by this scale. */
    public Outcome outcome(List<LabelledQuestion> questions, OrdinalScale scale) {
        List<List<Judged>> judged = new ArrayList<>();
        int bestFirst = 0;
        int quotes = 0;
        int verbatim = 0;
        LocalReranker.Settings settings = new LocalReranker.Settings(Integer.MAX_VALUE, Integer.MAX_VALUE, 1);
        try (LocalReranker reranker = new LocalReranker(MiniLm.NAME, judge(scale), settings, RerankObserver.NONE)) {
            for (LabelledQuestion question : questions) {
                Answers answers = Answers.ask(reranker, question);
                judged.add(answers.judged());
                bestFirst += answers.bestFirst() ? 1 : 0;
                quotes += answers.quotes();
                verbatim += answers.verbatim();
            }
        }
        return new Outcome(judged, bestFirst, quotes, verbatim);
    }

    private EvidenceJudge judge(OrdinalScale scale) {
        EvidenceJudge.Frame frame = new EvidenceJudge.Frame(
                tokenizer.encodeMarkup("[CLS]"), tokenizer.encodeMarkup("[SEP]"), MiniLm.WINDOW);
        return new EvidenceJudge(engine::encode, TokenCodec.of(tokenizer), frame, scale, TextAnalysis.ENGLISH);
    }

    @Override
    public void close() {
        engine.close();
        tokenizer.close();
    }
}
