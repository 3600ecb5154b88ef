package dev.whyrank.generate;

import dev.whyrank.model.InvalidInputException;
import dev.whyrank.model.LanguageModel;
import dev.whyrank.model.TextEncoder;
import dev.whyrank.model.TokenBytes;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that runs local models: generation steps and encoder batches in turn, so that neither waits for more
 * than one of the other. All public methods are safe from any thread and return at once, {@link #close} apart.
 *
 * <p>The engine owns its models: it makes every call on its thread, the last being their {@code close}. Whatever is
 * accepted ends in exactly one terminal event or a completed future, also when a model, a listener or the engine itself
 * fails.
 */
public final class GenerationEngine implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(GenerationEngine.class);

    /** A device that is lost fails every step for good; a request that breaks a step ends with it. */
    private static final int MOST_FAILURES = 5;

    /** In place of a time when the thread has nothing to do. */
    private static final long IDLE = Long.MIN_VALUE;

    private final Inbox inbox = new Inbox();
    private final AtomicLong ids = new AtomicLong();
    private final Quota sequenceQuota;
    private final Quota textQuota;
    private final @Nullable GenerationLane generation;
    private final @Nullable EncoderLane encoding;
    private final List<Lane> lanes;
    private final Thread thread;
    private volatile long busySince = IDLE;

    private GenerationEngine(
            @Nullable LanguageModel model,
            TokenBytes bytes,
            @Nullable TextEncoder encoder,
            EngineSettings settings,
            EngineListener listener) {
        EngineListener guarded = EngineListener.all(List.of(listener));
        sequenceQuota = new Quota("sequences", settings.inboxCapacity());
        textQuota = new Quota("texts", settings.encoderCapacity());
        generation = model == null
                ? null
                : new GenerationLane(model, bytes, settings.tokenBudget(), sequenceQuota, guarded, System::nanoTime);
        encoding = encoder == null
                ? null
                : new EncoderLane(encoder, settings.encoderTokenBudget(), guarded, System::nanoTime);
        lanes = Stream.of(generation, encoding)
                .filter(Objects::nonNull)
                .map(Lane.class::cast)
                .toList();
        thread = new Thread(this::loop, "whyrank-engine");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Starts an engine that generates.
     *
     * @param bytes the text of the model's tokens, for stop strings
     * @throws InvalidInputException if the settings do not fit the model
     */
    public static GenerationEngine generating(
            LanguageModel model, TokenBytes bytes, EngineSettings settings, EngineListener listener) {
        return new GenerationEngine(model, bytes, null, settings, listener);
    }

    /**
     * Starts an engine that encodes.
     *
     * @throws InvalidInputException if the settings do not fit the encoder
     */
    public static GenerationEngine encoding(TextEncoder encoder, EngineSettings settings, EngineListener listener) {
        return new GenerationEngine(null, token -> new byte[0], encoder, settings, listener);
    }

    /**
     * Starts an engine that generates and encodes on one thread.
     *
     * @throws InvalidInputException if the settings do not fit the models
     */
    public static GenerationEngine of(
            LanguageModel model,
            TokenBytes bytes,
            TextEncoder encoder,
            EngineSettings settings,
            EngineListener listener) {
        return new GenerationEngine(model, bytes, encoder, settings, listener);
    }

    /**
     * Submits the sequences of a request, all or none.
     *
     * @param sharedPrefix how many leading tokens all prompts have in common; 0 to share nothing
     * @throws InvalidInputException if a sequence cannot fit a slot or is not well formed
     * @throws EngineOverloadedException if too many sequences wait
     * @throws EngineClosedException if the engine is closed
     */
    public GenerationTicket submit(List<SequenceRequest> sequences, int sharedPrefix) {
        return submit(sequences, sharedPrefix, Priority.INTERACTIVE);
    }

    /** The same with a priority. */
    public GenerationTicket submit(List<SequenceRequest> sequences, int sharedPrefix, Priority priority) {
        GenerationLane lane = require(generation, "language model");
        lane.check(sequences, sharedPrefix);
        Ticket ticket = new Ticket(ids.incrementAndGet(), sequences, change -> inbox.offer(() -> lane.change(change)));
        sequenceQuota.acquire(sequences.size());
        if (!inbox.offer(() -> lane.accept(ticket, sharedPrefix, priority))) {
            sequenceQuota.release(sequences.size());
            throw new EngineClosedException();
        }
        return ticket;
    }

    /**
     * Encodes texts.
     *
     * @param texts token ids, each of length 1 to the encoder's window
     * @return one vector of length one for each text, in order; cancelling it drops what has not been encoded. It is
     *     completed on the engine's thread: what follows must return at once, or be given an executor
     * @throws InvalidInputException if a text does not fit the encoder's window
     * @throws EngineOverloadedException if too many texts wait
     * @throws EngineClosedException if the engine is closed
     */
    public CompletableFuture<List<float[]>> encode(List<int[]> texts) {
        EncoderLane lane = require(encoding, "text encoder");
        lane.check(texts);
        if (texts.isEmpty()) {
            return CompletableFuture.completedFuture(List.of());
        }
        EncoderJob job = new EncoderJob(texts);
        textQuota.acquire(job.size());
        if (!inbox.offer(() -> lane.accept(job))) {
            textQuota.release(job.size());
            throw new EngineClosedException();
        }
        job.onEnd(() -> {
            textQuota.release(job.size());
            inbox.offer(() -> lane.drop(job));
        });
        return job.future();
    }

    private static <T> T require(@Nullable T lane, String what) {
        if (lane == null) {
            throw new IllegalStateException("this engine has no " + what);
        }
        return lane;
    }

    /**
     * Whether it takes a new process to compute again: the engine is closed, its thread has died, or several steps have
     * failed one after the other and none has succeeded since.
     */
    public boolean isDead() {
        return !thread.isAlive() || lanes.stream().anyMatch(lane -> lane.failuresInARow() >= MOST_FAILURES);
    }

    /**
     * For a liveness probe: how long the thread has been busy with one turn, in nanoseconds. 0 while there is nothing
     * to do, {@link Long#MAX_VALUE} when the engine {@linkplain #isDead is dead}.
     */
    public long busyNanos() {
        if (isDead()) {
            return Long.MAX_VALUE;
        }
        long since = busySince;
        return since == IDLE ? 0 : System.nanoTime() - since;
    }

    /** Fails whatever waits or runs, closes the models and waits for the thread to end. */
    @Override
    public void close() {
        inbox.close();
        if (Thread.currentThread().equals(thread)) {
            return;
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                // A step is bounded, and leaving a model in use behind is worse than being late.
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void loop() {
        try {
            while (!inbox.isClosed()) {
                awaitWork();
                busySince = System.nanoTime();
                readInbox();
                lanes.forEach(lane -> guarded(lane::turn, List.of(lane)));
            }
        } catch (InterruptedException e) {
            log.error("The engine's thread was interrupted; the engine closes", e);
        } finally {
            shutDown();
        }
    }

    private void awaitWork() throws InterruptedException {
        if (lanes.stream().allMatch(Lane::isIdle)) {
            busySince = IDLE;
            inbox.await();
        }
    }

    private void readInbox() {
        for (Runnable message = inbox.poll(); message != null; message = inbox.poll()) {
            guarded(message, lanes);
        }
    }

    /** Turns anything thrown, an Error too, into a failure of what the lanes hold, so that the thread lives on. */
    private static void guarded(Runnable work, List<Lane> lanes) {
        try {
            work.run();
        } catch (Throwable thrown) {
            log.error("The engine failed; everything accepted is failed and it starts afresh", thrown);
            RuntimeException cause = new IllegalStateException("the engine failed: " + thrown, thrown);
            lanes.forEach(lane -> lane.failAll(cause));
        }
    }

    private void shutDown() {
        inbox.close();
        readInbox();
        for (Lane lane : lanes) {
            guarded(() -> lane.failAll(new EngineClosedException()), List.of());
            guarded(lane::close, List.of());
        }
    }
}
