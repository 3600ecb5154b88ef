package dev.whyrank.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.model.ScriptedModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;

/** An engine over a scripted model, with a gate before each step, for one test. */
abstract class EngineFixture {

    static final EngineSettings SETTINGS = new EngineSettings(16, 10, 64, 10);
    static final StopRule NEVER = new StopRule(Set.of(), List.of());

    final ScriptedModel model = new ScriptedModel(4, 64, Texts.VOCABULARY, Texts.LABELS).tokenBudget(16);
    final ConcurrentLinkedQueue<RuntimeException> failedSteps = new ConcurrentLinkedQueue<>();
    final AtomicReference<Occupancy> occupancy = new AtomicReference<>(new Occupancy(-1, -1, -1, -1));
    final AtomicInteger decoded = new AtomicInteger();
    final AtomicInteger prefilled = new AtomicInteger();
    final AtomicInteger copied = new AtomicInteger();
    final EngineListener listener = new EngineListener() {
        @Override
        public void step(int chunks, int prefillTokens, int decodeTokens, int copiedTokens, long nanos) {
            prefilled.addAndGet(prefillTokens);
            decoded.addAndGet(decodeTokens);
            copied.addAndGet(copiedTokens);
            if (hostileMeter) {
                throw new IllegalStateException("a hostile meter");
            }
        }

        @Override
        public void stepFailed(RuntimeException cause) {
            failedSteps.add(cause);
        }

        @Override
        public void state(int waiting, int running, long usedPositions, int slots) {
            occupancy.set(new Occupancy(waiting, running, usedPositions, slots));
        }
    };
    volatile boolean hostileMeter;
    final Gate gate = new Gate();
    final GenerationEngine engine = GenerationEngine.generating(model, Texts.BYTES, SETTINGS, listener);

    @AfterEach
    void close() {
        gate.open();
        engine.close();
        assertThat(model.isClosed()).isTrue();
    }

    static Recording recording(SequenceRequest request) {
        return (Recording) request.listener();
    }

    static List<SequenceRequest> requests(int count) {
        List<SequenceRequest> requests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            requests.add(request(20, new Recording(), 1, i));
        }
        return requests;
    }

    static SequenceRequest request(int limit, SequenceListener listener, int... prompt) {
        return new SequenceRequest(prompt, limit, new int[0], SamplingPolicy.GREEDY, NEVER, listener);
    }
}
