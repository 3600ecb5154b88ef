package dev.whyrank.model.torch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.model.Step;
import dev.whyrank.model.Step.Chunk;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StepPartsTest {

    @Test
    void everyChunkIsInOnePartAndNoPartIsFarFromEven() {
        for (long seed = 1; seed <= 500; seed++) {
            Random random = new Random(seed);
            int lanes = 1 + random.nextInt(4);
            List<Chunk> chunks = new ArrayList<>();
            for (int slot : slots(random)) {
                chunks.add(chunk(slot, random.nextBoolean() ? 1 : 2 + random.nextInt(60)));
            }
            Step step = new Step(List.of(), chunks);
            List<List<Chunk>> parts = StepParts.of(step, lanes);
            assertThat(parts.stream().flatMap(List::stream))
                    .as("seed %d", seed)
                    .containsExactlyInAnyOrderElementsOf(chunks);
            assertThat(parts).as("seed %d", seed).hasSizeBetween(1, lanes).noneMatch(List::isEmpty);
            if (parts.size() > 1) {
                assertThat(parts)
                        .as("seed %d", seed)
                        .allSatisfy(part ->
                                assertThat(tokens(part) * lanes).isLessThanOrEqualTo((int) (1.3 * step.tokenCount())));
            }
        }
    }

    @Test
    void neighbouringSlotsDecodeTogether() {
        List<Chunk> decodes = new ArrayList<>(
                IntStream.range(0, 16).mapToObj(slot -> chunk(slot, 1)).toList());
        Collections.shuffle(decodes, new Random(1));
        List<List<Chunk>> parts = StepParts.of(new Step(List.of(), decodes), 2);
        assertThat(parts).hasSize(2);
        assertThat(parts.get(0)).extracting(Chunk::slot).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
        assertThat(parts.get(1)).extracting(Chunk::slot).containsExactly(8, 9, 10, 11, 12, 13, 14, 15);
    }

    @Test
    void aLongRunThatNothingBalancesStaysWithTheRest() {
        Step step = new Step(List.of(), List.of(chunk(0, 1), chunk(1, 100), chunk(2, 10)));
        assertThat(StepParts.of(step, 2)).containsExactly(step.chunks());
    }

    private static int[] slots(Random random) {
        List<Integer> all = new ArrayList<>(IntStream.range(0, 24).boxed().toList());
        Collections.shuffle(all, random);
        return all.stream()
                .limit(1 + random.nextInt(24))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private static Chunk chunk(int slot, int length) {
        int[] tokens = new int[length];
        Arrays.fill(tokens, 3);
        return new Chunk(slot, 0, tokens, null);
    }

    private static int tokens(List<Chunk> part) {
        return part.stream().mapToInt(chunk -> chunk.tokens().length).sum();
    }
}
