package dev.whyrank.model.torch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.model.Step.Chunk;
import dev.whyrank.model.Step.PrefixCopy;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CopiedPrefixesTest {

    private static final int SLOTS = 8;
    private static final int LENGTH = 12;

    private static List<Chunk> singles(int position, int... slots) {
        return Arrays.stream(slots).mapToObj(slot -> single(slot, position)).toList();
    }

    private static Chunk single(int slot, int position) {
        return new Chunk(slot, position, new int[1], null);
    }

    @Test
    void slotsWithCopiesOfOnePrefixAreAGroupAndTheRestIsAnother() {
        CopiedPrefixes prefixes = new CopiedPrefixes(SLOTS, 30);
        for (int slot = 1; slot < 4; slot++) {
            prefixes.copied(new PrefixCopy(7, slot, 20));
        }
        List<DecodeGroup> groups = prefixes.groups(singles(25, 0, 1, 2, 3, 6));
        assertThat(groups).extracting(DecodeGroup::shared).containsExactly(20, 0);
        assertThat(groups.get(0).chunks()).extracting(Chunk::slot).containsExactly(1, 2, 3);
        assertThat(groups.get(1).chunks()).extracting(Chunk::slot).containsExactly(0, 6);
    }

    @Test
    void aPrefixThatSavesTooLittleIsReadInEachSlot() {
        CopiedPrefixes prefixes = new CopiedPrefixes(SLOTS, 30);
        prefixes.copied(new PrefixCopy(7, 2, 20));
        prefixes.copied(new PrefixCopy(7, 4, 20));
        List<DecodeGroup> groups = prefixes.groups(singles(25, 2, 3, 4));
        assertThat(groups).extracting(DecodeGroup::shared).containsExactly(0);
        assertThat(groups.get(0).chunks()).extracting(Chunk::slot).containsExactly(2, 3, 4);
    }

    @Test
    void nothingToDecodeIsNoGroup() {
        assertThat(new CopiedPrefixes(SLOTS, 0).groups(List.of())).isEmpty();
    }

    /** Every write has a number of its own here, so that positions with equal numbers hold the same. */
    @Test
    void whatAGroupSharesIsTheSameInAllItsSlots() {
        int together = 0;
        for (long seed = 1; seed <= 300; seed++) {
            Random random = new Random(seed);
            int fewest = random.nextInt(10);
            CopiedPrefixes prefixes = new CopiedPrefixes(SLOTS, fewest);
            long[][] content = new long[SLOTS][LENGTH];
            long written = 0;
            for (int turn = 0; turn < 40; turn++) {
                int slot = random.nextInt(SLOTS);
                if (random.nextInt(3) > 0) {
                    int from = random.nextInt(SLOTS);
                    int length = 1 + random.nextInt(3) * 3;
                    prefixes.copied(new PrefixCopy(from, slot, length));
                    System.arraycopy(content[from], 0, content[slot], 0, length);
                } else {
                    int position = random.nextInt(LENGTH);
                    prefixes.writing(single(slot, position));
                    content[slot][position] = ++written;
                }
                together += check(prefixes, content, fewest, random, "seed " + seed + ", turn " + turn);
            }
        }
        assertThat(together).as("groups of more than one").isGreaterThan(3000);
    }

    private static int check(CopiedPrefixes prefixes, long[][] content, int fewest, Random random, String name) {
        List<Chunk> singles = singles(
                LENGTH - 1,
                IntStream.range(0, SLOTS).filter(slot -> random.nextBoolean()).toArray());
        List<DecodeGroup> groups = prefixes.groups(singles);
        assertThat(groups.stream().flatMap(group -> group.chunks().stream()))
                .as(name)
                .containsExactlyInAnyOrderElementsOf(singles);
        for (DecodeGroup group : groups) {
            assertThat(group.chunks()).as(name).extracting(Chunk::slot).isSorted();
            assertThat((group.count() - 1L) * group.shared())
                    .as(name)
                    .satisfiesAnyOf(
                            saved -> assertThat(saved).isGreaterThanOrEqualTo(fewest),
                            saved -> assertThat(group.shared()).isZero());
            for (Chunk chunk : group.chunks()) {
                assertThat(Arrays.copyOf(content[chunk.slot()], group.shared()))
                        .as(name)
                        .isEqualTo(Arrays.copyOf(content[group.lowestSlot()], group.shared()));
            }
        }
        return (int) groups.stream()
                .filter(group -> group.shared() > 0 && group.count() > 1)
                .count();
    }
}
