package dev.whyrank.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.model.ScriptedModel;
import dev.whyrank.model.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A scheduler and a scripted model, turned by hand; every event is recorded and its order checked. */
final class Bench {

    record SequenceKey(long request, int index) {}

    final ScriptedModel model;
    final Scheduler scheduler;
    final Map<SequenceKey, Recording> recordings = new LinkedHashMap<>();
    final Map<SequenceKey, SequenceRequest> requests = new LinkedHashMap<>();
    /** Requests in the order in which their sequences got slots. */
    final List<SequenceKey> grants = new ArrayList<>();

    final Map<Long, Priority> priorities = new HashMap<>();
    final List<Step> steps = new ArrayList<>();
    long prefillTokens;
    private long lastId;

    Bench(int slots, int slotLength, int tokenBudget) {
        model = new ScriptedModel(slots, slotLength, Texts.VOCABULARY, Texts.LABELS).tokenBudget(tokenBudget);
        scheduler = new Scheduler(SequenceLimits.of(model), tokenBudget, Texts.BYTES);
    }

    long add(int sharedPrefix, List<SequenceRequest> sequences) {
        return add(sharedPrefix, sequences, Priority.INTERACTIVE);
    }

    long add(int sharedPrefix, List<SequenceRequest> sequences, Priority priority) {
        long id = ++lastId;
        scheduler.add(id, sequences, sharedPrefix, priority);
        priorities.put(id, priority);
        for (int i = 0; i < sequences.size(); i++) {
            recordings.put(new SequenceKey(id, i), new Recording());
            requests.put(new SequenceKey(id, i), sequences.get(i));
        }
        return id;
    }

    long add(int sharedPrefix, SequenceRequest... sequences) {
        return add(sharedPrefix, List.of(sequences));
    }

    Recording of(long request, int index) {
        Recording recording = recordings.get(new SequenceKey(request, index));
        if (recording == null) {
            throw new AssertionError("no sequence " + index + " of request " + request);
        }
        return recording;
    }

    /** Plans, runs and applies one step; returns it, or null if there was none. */
    @Nullable
    Step turn() {
        Plan plan = scheduler.plan();
        record(plan.events());
        Step step = plan.step().orElse(null);
        if (step != null) {
            steps.add(step);
            assertThat(plan.decodeTokens()).isLessThanOrEqualTo(step.chunks().size());
            prefillTokens += step.tokenCount() - plan.decodeTokens();
            record(run(step));
        }
        return step;
    }

    private List<SequenceEvent> run(Step step) {
        try {
            return scheduler.complete(model.run(step));
        } catch (IllegalStateException e) {
            return scheduler.fail(e);
        }
    }

    private void record(List<SequenceEvent> events) {
        for (SequenceEvent event : events) {
            of(event.request(), event.index()).accept(event);
            if (event instanceof SequenceEvent.Started) {
                grants.add(new SequenceKey(event.request(), event.index()));
            }
        }
    }

    boolean allEnded() {
        return recordings.values().stream().allMatch(Recording::isEnded);
    }

    /** Turns until every sequence has ended; a turn that computes nothing before that is a deadlock. */
    void finish() {
        while (!allEnded()) {
            if (turn() == null) {
                assertThat(allEnded())
                        .as("nothing to do, so all must have ended")
                        .isTrue();
            }
        }
        assertThat(scheduler.plan().step()).isEmpty();
        assertThat(scheduler.occupancy()).isEqualTo(new Occupancy(0, 0, 0, 0));
    }

    /** Checks a sequence against what it gives alone, as far as it came. */
    void check(SequenceKey key) {
        Recording recording = of(key.request(), key.index());
        SequenceRequest request = requests.get(key);
        if (request == null) {
            throw new AssertionError(key);
        }
        Alone alone = Alone.of(request, model);
        boolean whole = recording.reason == FinishReason.STOP || recording.reason == FinishReason.LENGTH;
        int length = whole ? alone.tokens().size() : recording.tokens.size();
        assertThat(recording.tokens).isEqualTo(alone.tokens().subList(0, length));
        assertThat(recording.labels.toArray(float[][]::new))
                .isDeepEqualTo(alone.labels().subList(0, length).toArray(float[][]::new));
        if (whole) {
            assertThat(recording.reason).isEqualTo(alone.reason());
            assertThat(recording.finalLabels).isEqualTo(alone.finalLabels());
        } else if (recording.reason == FinishReason.CONCLUDED) {
            assertThat(recording.finalLabels).isEqualTo(Alone.forcedLabels(request, recording.tokens, model));
        } else {
            assertThat(recording.finalLabels).isEmpty();
        }
    }

    /** The next step, which there must be. */
    static Step nextStep(Bench bench) {
        return Objects.requireNonNull(bench.turn());
    }

    /** Tokens of each chunk. */
    static List<Integer> lengths(Step step) {
        List<Integer> lengths = new ArrayList<>();
        step.chunks().forEach(chunk -> lengths.add(chunk.tokens().length));
        return lengths;
    }

    static int[] prompt(int length) {
        return IntStream.range(30, 30 + length).toArray();
    }

    /** Greedy, never stopped. */
    static SequenceRequest generate(int limit, int... prompt) {
        StopRule never = new StopRule(Set.of(), List.of());
        return new SequenceRequest(prompt, limit, new int[0], SamplingPolicy.GREEDY, never, new Recording());
    }
}
