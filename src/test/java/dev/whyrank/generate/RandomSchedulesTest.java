package dev.whyrank.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.generate.Bench.SequenceKey;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;

/** What must hold for every schedule, over thousands of seeded ones. */
class RandomSchedulesTest {

    private static final int SCHEDULES = Integer.getInteger("whyrank.schedules", 2000);

    @Test
    void batchingChangesNoSequence() {
        forSeeds(1, SCHEDULES, seed -> {
            RandomSchedule schedule = new RandomSchedule(seed);
            Bench bench = schedule.bench;
            int requests = 1 + schedule.random.nextInt(9);
            while (requests > 0) {
                if (requests > 0 && schedule.random.nextInt(3) > 0) {
                    schedule.arrive();
                    requests--;
                }
                turnWithoutStall(bench, Set.of());
            }
            bench.finish();
            bench.recordings.forEach(
                    (key, recording) -> assertThat(recording.reason).isIn(FinishReason.STOP, FinishReason.LENGTH));
            bench.recordings.keySet().forEach(bench::check);
            checkWork(bench);
            checkFairness(bench);
        });
    }

    @Test
    void cancellingAndConcludingEndAsAskedWithinOneStepAndHarmNobody() {
        forSeeds(1_000_003, SCHEDULES / 2, seed -> {
            RandomSchedule schedule = new RandomSchedule(seed);
            Bench bench = schedule.bench;
            Set<SequenceKey> cancelled = new HashSet<>();
            Set<Long> concluded = new HashSet<>();
            for (int i = 0; i < 12; i++) {
                if (schedule.random.nextInt(3) > 0) {
                    schedule.arrive();
                }
                disturb(schedule, cancelled, concluded);
                Set<SequenceKey> flagged = new HashSet<>(cancelled);
                bench.recordings.keySet().stream()
                        .filter(key -> concluded.contains(key.request()))
                        .forEach(flagged::add);
                turnWithoutStall(bench, flagged);
                cancelled.forEach(
                        key -> assertThat(bench.of(key.request(), key.index()).isEnded())
                                .isTrue());
            }
            bench.finish();
            bench.recordings.forEach((key, recording) -> {
                assertThat(recording.failure).isNull();
                boolean asked = cancelled.contains(key) || concluded.contains(key.request());
                if (recording.reason == FinishReason.CANCELLED) {
                    assertThat(cancelled.contains(key) || (asked && !recording.isStarted()))
                            .isTrue();
                } else if (recording.reason == FinishReason.CONCLUDED) {
                    assertThat(concluded).contains(key.request());
                }
                bench.check(key);
            });
        });
    }

    @Test
    void aStepThatFailsEndsItsOwnSequencesAndNoOthers() {
        forSeeds(2_000_003, SCHEDULES / 2, seed -> {
            RandomSchedule schedule = new RandomSchedule(seed);
            Bench bench = schedule.bench;
            bench.model.beforeStep(step -> {
                if (schedule.random.nextInt(12) == 0) {
                    throw new IllegalStateException("out of luck");
                }
            });
            for (int i = 0; i < 8; i++) {
                schedule.arrive();
                bench.turn();
            }
            bench.finish();
            bench.recordings.keySet().forEach(key -> {
                Recording recording = bench.of(key.request(), key.index());
                assertThat(recording.failure == null).isEqualTo(recording.reason != null);
                bench.check(key);
            });
        });
    }

    private static void disturb(RandomSchedule schedule, Set<SequenceKey> cancelled, Set<Long> concluded) {
        List<SequenceKey> keys = List.copyOf(schedule.bench.recordings.keySet());
        if (keys.isEmpty()) {
            return;
        }
        SequenceKey key = keys.get(schedule.random.nextInt(keys.size()));
        switch (schedule.random.nextInt(8)) {
            case 0 -> {
                schedule.bench.scheduler.cancel(key.request());
                keys.stream().filter(k -> k.request() == key.request()).forEach(cancelled::add);
            }
            case 1 -> {
                schedule.bench.scheduler.cancel(key.request(), key.index());
                cancelled.add(key);
            }
            case 2 -> {
                schedule.bench.scheduler.conclude(key.request());
                concluded.add(key.request());
            }
            default -> {}
        }
    }

    /** One turn, in which every sequence that is generating must get on. */
    private static void turnWithoutStall(Bench bench, Set<SequenceKey> flagged) {
        Map<SequenceKey, Integer> before = new HashMap<>();
        bench.recordings.forEach((key, recording) -> {
            if (!recording.tokens.isEmpty() && !recording.isEnded() && !flagged.contains(key)) {
                before.put(key, recording.tokens.size());
            }
        });
        bench.turn();
        before.forEach((key, tokens) -> {
            Recording now = bench.of(key.request(), key.index());
            SequenceRequest request = bench.requests.get(key);
            boolean limited = request != null && request.maxNewTokens() == tokens;
            if (!limited && !now.isEnded() && now.tokens.size() != tokens + 1) {
                throw new AssertionError(key + " got no token in a step");
            }
        });
    }

    /** Computed is what was announced as not cached, and forced continuations; so each prefix is computed once. */
    private static void checkWork(Bench bench) {
        long expected = 0;
        for (Map.Entry<SequenceKey, SequenceRequest> entry : bench.requests.entrySet()) {
            Recording recording =
                    bench.of(entry.getKey().request(), entry.getKey().index());
            expected += recording.promptTokens - recording.cachedTokens;
            SequenceRequest request = entry.getValue();
            if (recording.reason == FinishReason.LENGTH && request.forced().length > 0) {
                expected += request.forced().length + (request.maxNewTokens() > 0 ? 1 : 0);
            }
        }
        assertThat(bench.prefillTokens).isEqualTo(expected);
    }

    /** Between two grants of a request each other one of its priority gets at most one; within a request, arrival order. */
    private static void checkFairness(Bench bench) {
        Map<Long, Set<Long>> othersSince = new HashMap<>();
        Map<Long, Set<Long>> twiceSince = new HashMap<>();
        Map<Long, Integer> next = new HashMap<>();
        for (SequenceKey grant : bench.grants) {
            long request = grant.request();
            assertThat(grant.index()).isEqualTo(next.merge(request, 1, Integer::sum) - 1);
            assertThat(twiceSince.getOrDefault(request, Set.of()))
                    .as("requests that overtook %s twice", grant)
                    .isEmpty();
            othersSince.forEach((other, since) -> {
                boolean alike = bench.priorities.get(other) == bench.priorities.get(request);
                if (other != request && alike && !since.add(request)) {
                    twiceSince.computeIfAbsent(other, id -> new HashSet<>()).add(request);
                }
            });
            othersSince.put(request, new HashSet<>());
            twiceSince.remove(request);
        }
    }

    private static void forSeeds(long first, int count, LongConsumer claim) {
        for (long seed = first; seed < first + count; seed++) {
            try {
                claim.accept(seed);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("with seed " + seed, e);
            }
        }
    }
}
