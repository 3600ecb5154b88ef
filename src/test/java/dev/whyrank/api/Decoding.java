package dev.whyrank.api;

import dev.whyrank.rerank.RerankEvent;
import dev.whyrank.rerank.Reranker;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;
import tools.jackson.core.JacksonException;

/** Bodies of requests, decoded and checked as the service does it, without HTTP and without other threads. */
public final class Decoding {

    private static final int MOST_DOCUMENTS = 8;
    private static final int CLIENT_ERRORS = 400;
    private static final int SERVER_ERRORS = 500;

    private static final WhyrankApiProperties PROPERTIES = new WhyrankApiProperties(
            MOST_DOCUMENTS,
            DataSize.ofMegabytes(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            DataSize.ofMegabytes(1),
            false,
            List.of(),
            0,
            List.of());
    private static final FakeReranker RERANKER = new FakeReranker();
    private static final Validator VALIDATOR = validator();

    static final ApiJson JSON = new ApiJson();

    /** What checks documents. */
    public static final Candidates CANDIDATES = new Candidates(PROPERTIES);

    /** What checks the names of models. */
    public static final ModelNames MODELS = new ModelNames(RERANKER, PROPERTIES);

    /** Reranks with {@link FakeReranker#playAll}, at once. */
    public static final Reranking RERANKING = new Reranking(new AtOnce());

    /** Plays every request on the thread that asks. */
    private static final class AtOnce implements Reranker {

        @Override
        public String model() {
            return RERANKER.model();
        }

        @Override
        public dev.whyrank.rerank.ExplanationKind explanationKind() {
            return RERANKER.explanationKind();
        }

        @Override
        public Handle rerank(dev.whyrank.rerank.RerankRequest request, Consumer<RerankEvent> listener) {
            FakeReranker.Run run = new FakeReranker.Run(request, listener);
            FakeReranker.playAll(run);
            return run;
        }
    }

    private Decoding() {}

    private static Validator validator() {
        try (var factory = Validation.buildDefaultValidatorFactory()) {
            return factory.getValidator();
        }
    }

    /**
     * Decodes a body, checks it and lets it be answered; what is refused must be the client's fault, unless the fake
     * stumbled as it is told to, and be told in the client's words.
     *
     * @return the answer as JSON, or null if the body was refused
     */
    public static <T> byte @Nullable [] answer(byte[] body, Class<T> type, Function<T, ?> answer) {
        try {
            T decoded = JSON.mapper().readValue(body, type);
            if (decoded == null) {
                return null;
            }
            if (!VALIDATOR.validate(decoded).isEmpty()) {
                return null;
            }
            return JSON.bytes(answer.apply(decoded));
        } catch (JacksonException e) {
            requireClientsWords(JsonErrors.describe(e).line());
        } catch (RuntimeException e) {
            Problem problem = Problems.of(e, "id");
            if (problem.detail().endsWith(FakeReranker.STUMBLED)) {
                return null;
            }
            if (problem.status() < CLIENT_ERRORS || problem.status() >= SERVER_ERRORS) {
                throw e;
            }
            requireClientsWords(problem.detail());
        }
        return null;
    }

    private static void requireClientsWords(String line) {
        if (line.isBlank() || line.contains("Exception") || line.contains("dev.whyrank")) {
            throw new AssertionError("says nothing to a client: " + line);
        }
    }
}
