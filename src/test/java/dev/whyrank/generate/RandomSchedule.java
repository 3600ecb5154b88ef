package dev.whyrank.generate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/** A random engine and random requests for it, all from one seed. */
final class RandomSchedule {

    private static final List<String> STOPS = List.of("ab", "aab", "cé", "bcb", "abcabc", "éa");

    final Random random;
    final Bench bench;
    private final int slotLength;

    RandomSchedule(long seed) {
        random = new Random(seed);
        int slots = random.nextInt(4) == 0 ? 1 + random.nextInt(3) : 1 + random.nextInt(16);
        slotLength = 20 + random.nextInt(40);
        bench = new Bench(slots, slotLength, slots + random.nextInt(30));
    }

    /** Adds a request of 1 to 6 sequences, most of which share a prefix. */
    long arrive() {
        int[] shared = random.nextInt(4) == 0 ? new int[0] : tokens(1 + random.nextInt(slotLength / 2 - 4));
        List<SequenceRequest> sequences = new ArrayList<>();
        int count = 1 + random.nextInt(6);
        for (int i = 0; i < count; i++) {
            sequences.add(sequence(shared));
        }
        Priority priority = random.nextInt(3) == 0 ? Priority.BULK : Priority.INTERACTIVE;
        return bench.add(shared.length, sequences, priority);
    }

    private SequenceRequest sequence(int[] shared) {
        int own = shared.length > 0 && random.nextInt(8) == 0 ? 0 : 1 + random.nextInt(6);
        int[] prompt = IntStream.concat(Arrays.stream(shared), Arrays.stream(tokens(own)))
                .toArray();
        int[] forced = random.nextBoolean() ? new int[0] : tokens(1 + random.nextInt(4));
        int room = slotLength - prompt.length - forced.length;
        int limit = random.nextInt(8) == 0 ? 0 : random.nextInt(Math.min(room, 12) + 1);
        return new SequenceRequest(prompt, limit, forced, sampling(), stop(), new Recording());
    }

    private SamplingPolicy sampling() {
        return random.nextBoolean()
                ? SamplingPolicy.GREEDY
                : new SamplingPolicy(0.5f + random.nextFloat(), 0.9f, random.nextLong());
    }

    private StopRule stop() {
        Set<Integer> tokens = new HashSet<>();
        int count = random.nextInt(6);
        for (int i = 0; i < count; i++) {
            tokens.add(random.nextInt(Texts.VOCABULARY));
        }
        int from = random.nextInt(STOPS.size());
        return new StopRule(tokens, random.nextInt(3) == 0 ? STOPS.subList(from, STOPS.size()) : List.of());
    }

    private int[] tokens(int count) {
        return random.ints(count, 0, Texts.VOCABULARY).toArray();
    }
}
