package dev.whyrank.generate;

import dev.whyrank.model.LanguageModel;
import dev.whyrank.model.Step;
import dev.whyrank.model.StepResult;
import dev.whyrank.model.TokenBytes;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Generation, step by step: plan, run, apply, tell. */
final class GenerationLane implements Lane {

    private static final Logger log = LoggerFactory.getLogger(GenerationLane.class);

    private final LanguageModel model;
    private final SequenceLimits limits;
    private final TokenBytes bytes;
    private final int tokenBudget;
    private final EngineListener listener;
    private final LongSupplier nanos;
    private final Delivery delivery;
    private final AtomicInteger failures = new AtomicInteger();
    private Scheduler scheduler;

    GenerationLane(
            LanguageModel model,
            TokenBytes bytes,
            int tokenBudget,
            Quota quota,
            EngineListener listener,
            LongSupplier nanos) {
        this.model = model;
        this.limits = SequenceLimits.of(model);
        this.bytes = bytes;
        this.tokenBudget = tokenBudget;
        this.listener = listener;
        this.nanos = nanos;
        this.delivery = new Delivery(quota, (request, index) -> change(s -> s.cancel(request, index)));
        this.scheduler = new Scheduler(limits, tokenBudget, bytes);
        listener.capacity((long) limits.slots() * limits.slotLength());
    }

    /** Checks a request; may be called from any thread. */
    void check(List<SequenceRequest> sequences, int sharedPrefix) {
        limits.check(sequences, sharedPrefix);
    }

    void accept(Ticket ticket, int sharedPrefix, Priority priority) {
        delivery.open(ticket);
        scheduler.add(ticket.id(), ticket.sequences(), sharedPrefix, priority);
        listener.accepted(ticket.sequences(), sharedPrefix);
    }

    void change(Consumer<Scheduler> change) {
        change.accept(scheduler);
    }

    @Override
    public boolean isIdle() {
        return delivery.isIdle();
    }

    @Override
    public void turn() {
        if (isIdle()) {
            return;
        }
        Plan plan = scheduler.plan();
        delivery.deliver(plan.events());
        plan.step().ifPresent(step -> delivery.deliver(run(step, plan.decodeTokens())));
        report();
    }

    private List<SequenceEvent> run(Step step, int decodeTokens) {
        long start = nanos.getAsLong();
        try {
            StepResult result = model.run(step);
            long time = nanos.getAsLong() - start;
            List<SequenceEvent> events = scheduler.complete(result);
            failures.set(0);
            int prefillTokens = step.tokenCount() - decodeTokens;
            listener.step(step.chunks().size(), prefillTokens, decodeTokens, copiedTokens(step), time);
            return events;
        } catch (RuntimeException e) {
            failures.incrementAndGet();
            return failed(e);
        } catch (Error e) {
            failures.incrementAndGet();
            listener.stepFailed(new IllegalStateException("a step failed: " + e, e));
            throw e;
        }
    }

    private List<SequenceEvent> failed(RuntimeException cause) {
        listener.stepFailed(cause);
        if (!scheduler.stepUnderWay()) {
            // Thrown while the result was applied: half of that is done, so only a fresh start is safe.
            throw cause;
        }
        log.error("A step failed, and its sequences with it", cause);
        return scheduler.fail(cause);
    }

    private static int copiedTokens(Step step) {
        return step.copies().stream().mapToInt(Step.PrefixCopy::length).sum();
    }

    private void report() {
        Occupancy now = scheduler.occupancy();
        listener.state(now.waiting(), now.running(), now.usedPositions(), now.slots());
    }

    @Override
    public int failuresInARow() {
        return failures.get();
    }

    @Override
    public void failAll(RuntimeException cause) {
        // What the scheduler and the cache hold is unknown now; an empty scheduler writes every slot anew.
        scheduler = new Scheduler(limits, tokenBudget, bytes);
        delivery.failAll(cause);
        report();
    }

    @Override
    public void close() {
        model.close();
    }
}
