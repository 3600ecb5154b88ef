package dev.whyrank.rerank.remote;

import dev.whyrank.rerank.ErrorCode;
import dev.whyrank.rerank.Judge;
import dev.whyrank.rerank.Judgement;
import dev.whyrank.rerank.Judgement.Ending;
import dev.whyrank.rerank.PromptFormat;
import dev.whyrank.rerank.WrittenAnswer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One document's conversation with a model elsewhere: the question and, if the answer is cut before its label, a demand
 * for the label alone. Everything happens in the request's mailbox but {@link #hangUp}.
 */
final class RemoteDocument {

    private static final Logger LOG = LoggerFactory.getLogger(RemoteDocument.class);

    /** A label is short; whoever waits for it has waited long. */
    private static final Duration LABEL_PATIENCE = Duration.ofSeconds(10);

    private static final int LABEL_TOKENS = 32;
    private static final float[] UNKNOWN = {};

    private final Question question;
    private final ChatClient client;
    private final Executor mailbox;
    private final Judge.Listener listener;
    private final RemoteReading reading;
    private Ending ending = Ending.STOP;
    private Runnable onEnd = () -> {};
    private boolean ended;
    private @Nullable Hearing current;
    private volatile @Nullable ChatCall call;

    /**
     * What is asked.
     *
     * @param explain whether the answer's explanation is shown
     * @param promptTokens an estimate
     * @param truncated whether the document was cut
     */
    record Question(
            int index,
            PromptFormat format,
            ChatRequest request,
            boolean explain,
            int promptTokens,
            boolean truncated) {}

    RemoteDocument(Question question, ChatClient client, Executor mailbox, Judge.Listener listener) {
        this.question = question;
        this.client = client;
        this.mailbox = mailbox;
        this.listener = listener;
        this.reading = new RemoteReading(question.format());
    }

    /**
     * Asks.
     *
     * @param onEnd told once, after the document's last event
     */
    void begin(Runnable onEnd) {
        this.onEnd = onEnd;
        listener.started(question.index(), question.promptTokens(), 0, question.truncated());
        ask(question.request(), new Hearing(reading));
    }

    private void ask(ChatRequest request, Hearing hearing) {
        current = hearing;
        call = client.stream(request, hearing);
    }

    /**
     * Ends the call at once, from any thread. The last event comes from {@link #withdraw}, which also ends a call that
     * was begun meanwhile.
     */
    void hangUp() {
        ChatCall asked = call;
        if (asked != null) {
            asked.cancel();
        }
    }

    /** Ends as cancelled, or as never asked about. */
    void withdraw() {
        hangUp();
        end(() -> listener.withdrawn(question.index()));
    }

    /** The deadline is here: what is written counts, and a label is demanded if there is none. */
    void conclude() {
        if (!ended && current != null && current.reading == reading) {
            hangUp();
            current = null;
            answered(Ending.DEADLINE);
        }
    }

    /** One call's listener; a call that is no longer the current one is not heard. */
    private final class Hearing implements ChatListener {

        private final RemoteReading reading;

        Hearing(RemoteReading reading) {
            this.reading = reading;
        }

        @Override
        public void chunk(ChatChunk chunk) {
            inTurn(() -> {
                String piece = reading.accept(chunk);
                if (reading == RemoteDocument.this.reading) {
                    show(piece);
                }
            });
        }

        @Override
        public void ended() {
            inTurn(() -> {
                if (reading == RemoteDocument.this.reading) {
                    answered(reading.cut() ? Ending.LENGTH : Ending.STOP);
                } else {
                    var unused = reading.end();
                    judge(reading.demandedLabel(), reading.usage(question.promptTokens()));
                }
            });
        }

        @Override
        public void failed(ChatFailure failure) {
            inTurn(() -> {
                if (reading == RemoteDocument.this.reading) {
                    fail(failure);
                } else {
                    judge(UNKNOWN, ChatUsage.NONE);
                }
            });
        }

        private void inTurn(Runnable piece) {
            mailbox.execute(() -> {
                if (!ended && current == this) {
                    piece.run();
                }
            });
        }
    }

    private void answered(Ending how) {
        show(reading.end());
        boolean missing = how != Ending.STOP && !reading.labelled();
        ending = missing && (question.explain() || how == Ending.DEADLINE) ? how : Ending.STOP;
        if (missing) {
            ask(demand(), new Hearing(new RemoteReading(question.format())));
        } else {
            judge(UNKNOWN, ChatUsage.NONE);
        }
    }

    /** Works with every chat endpoint; continuing the model's own turn would not. */
    private ChatRequest demand() {
        String marker = question.format().forcedText().strip();
        List<ChatRequest.Message> messages = new ArrayList<>(question.request().messages());
        String written = reading.text();
        if (!written.isBlank()) {
            messages.add(ChatRequest.Message.assistant(written));
        }
        messages.add(ChatRequest.Message.user("Stop here and answer with nothing but '" + marker + " <label>'."));
        return new ChatRequest(
                messages,
                question.request().stops(),
                LABEL_TOKENS,
                question.request().alternatives(),
                LABEL_PATIENCE);
    }

    private void judge(float[] demanded, ChatUsage more) {
        ChatUsage spent = reading.usage(question.promptTokens()).plus(more);
        // A demanded label belongs to a cut answer, whatever the ending is called.
        Ending parsed = demanded.length > 0 && ending == Ending.STOP ? Ending.LENGTH : ending;
        WrittenAnswer.Read read = reading.finish(parsed, demanded, question.truncated(), spent);
        show(read.rest());
        Judgement judgement = shown(read.judgement());
        end(() -> listener.judged(question.index(), judgement));
    }

    /** Only a label was asked for: what else was written is not told, and nothing was cut short. */
    private Judgement shown(Judgement read) {
        return question.explain()
                ? read
                : new Judgement(
                        "",
                        read.label(),
                        read.labels(),
                        read.labelProbabilities(),
                        read.modelScore(),
                        read.source(),
                        ending,
                        read.truncated(),
                        read.usage());
    }

    private void show(String piece) {
        if (question.explain() && !piece.isEmpty()) {
            listener.delta(question.index(), piece);
        }
    }

    private void fail(ChatFailure failure) {
        LOG.warn("the remote model {} ({})", failure.getMessage(), failure.kind());
        String message = "the remote model " + failure.getMessage();
        end(() -> listener.failed(question.index(), code(failure.kind()), message));
    }

    private static ErrorCode code(ChatFailure.Kind kind) {
        return switch (kind) {
            case BUSY -> ErrorCode.OVERLOADED;
            case UNREACHABLE, UNUSABLE -> ErrorCode.NOT_READY;
            case TOO_LONG -> ErrorCode.CONTEXT_LENGTH_EXCEEDED;
            case FAILED, SILENT, CUT, UNREADABLE, EMPTY, UNSUPPORTED, REFUSED, REJECTED -> ErrorCode.ENGINE_FAILURE;
        };
    }

    private void end(Runnable telling) {
        if (!ended) {
            ended = true;
            try {
                telling.run();
            } finally {
                onEnd.run();
            }
        }
    }
}
