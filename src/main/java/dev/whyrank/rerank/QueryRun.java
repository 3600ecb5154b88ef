package dev.whyrank.rerank;

import dev.whyrank.generate.FinishReason;
import dev.whyrank.generate.GenerationTicket;
import dev.whyrank.generate.SequenceListener;
import dev.whyrank.model.InvalidInputException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One accepted question from its start to its end. The engine's thread only hands tokens on; everything but {@link
 * #cancel()} happens in the mailbox.
 */
final class QueryRun implements ActiveRun, Reranker.Handle, SequenceListener {

    private static final Logger LOG = LoggerFactory.getLogger(QueryRun.class);

    private final QueryRequest request;
    private final TokenCodec codec;
    private final QueryWriter.Listener listener;
    private final Surroundings around;
    private final Mailbox mailbox;
    private final Utf8Decoder decoder = new Utf8Decoder();
    private final StringBuilder answer = new StringBuilder();
    private int promptTokens;
    private int completionTokens;
    private boolean ended;

    private volatile boolean cancelled;
    private volatile @Nullable GenerationTicket ticket;

    QueryRun(QueryRequest request, TokenCodec codec, QueryWriter.Listener listener, Surroundings around) {
        this.request = request;
        this.codec = codec;
        this.listener = listener;
        this.around = around;
        this.mailbox = new Mailbox(around.pool(), this::broken);
    }

    /** Lets it begin: tokenises and hands itself to the engine, on a worker. */
    void begin(Supplier<GenerationTicket> submission) {
        mailbox.execute(() -> start(submission));
    }

    private void start(Supplier<GenerationTicket> submission) {
        if (cancelled || ended) {
            fail(ErrorCode.CANCELLED, "the request was cancelled");
            return;
        }
        try {
            GenerationTicket submitted = submission.get();
            ticket = submitted;
            // Whoever cancelled meanwhile has seen no ticket.
            if (cancelled) {
                submitted.cancel();
            }
        } catch (RerankException e) {
            fail(e.code(), String.valueOf(e.getMessage()));
        } catch (InvalidInputException e) {
            fail(ErrorCode.INVALID_REQUEST, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            LOG.warn("request {} could not be handed to the engine", request.id(), e);
            failed(e);
        }
    }

    @Override
    public void cancel() {
        cancelled = true;
        cancelTicket();
        mailbox.execute(() -> {
            if (!ended) {
                around.observer().cancelled();
            }
        });
    }

    @Override
    public void abort(ErrorCode code, String message) {
        mailbox.execute(() -> {
            cancelTicket();
            fail(code, message);
        });
    }

    private void cancelTicket() {
        GenerationTicket current = ticket;
        if (current != null) {
            current.cancel();
        }
    }

    @Override
    public void started(int promptTokens, int cachedTokens) {
        mailbox.execute(() -> this.promptTokens = promptTokens);
    }

    @Override
    public void token(int token, float[] labelLogProbabilities) {
        mailbox.execute(() -> {
            completionTokens++;
            decoder.append(codec.of(token), answer);
        });
    }

    @Override
    public void finished(FinishReason reason, float[] labelLogProbabilities) {
        mailbox.execute(() -> {
            // The engine may have ended before the flag reached it; who cancelled is told so all the same.
            if (cancelled || reason == FinishReason.CANCELLED) {
                fail(ErrorCode.CANCELLED, "the request was cancelled");
            } else {
                decoder.finish(answer);
                WrittenQueries written = new WrittenQueries(
                        QueryPrompt.parse(answer.toString(), request.maxQueries()), promptTokens, completionTokens);
                end(() -> listener.written(written));
            }
        });
    }

    @Override
    public void failed(RuntimeException cause) {
        EngineFailure failure = EngineFailure.of(cause, "question");
        mailbox.execute(() -> fail(failure.code(), failure.message()));
    }

    private void fail(ErrorCode code, String message) {
        end(() -> listener.failed(code, message));
    }

    private void end(Runnable telling) {
        if (ended) {
            return;
        }
        ended = true;
        around.permit().release();
        try {
            telling.run();
        } finally {
            around.onEnd().accept(this);
        }
    }

    private void broken(Throwable cause) {
        LOG.error("request {} failed", request.id(), cause);
        cancelTicket();
        fail(ErrorCode.ENGINE_FAILURE, "the request failed inside the service");
    }
}
