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
        List<DecodeGroup> groups = prefixes.groups(singles(25, 1, 2, 3, 4, 5));
        assertThat(groups).extracting(DecodeGroup::shared).containsExactly(20, 0);
        assertThat(groups.get(0).chunks()).extracting(Chunk::slot).containsExactly(1, 2, 3);
        assertThat(groups.get(1).chunks()).extracting(Chunk::slot).containsExactly(4, 5);
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
    void slotsOfTwoPrefixesAreGroupsWhereTheyLieTogetherAndOneBatchWhereTheyLieMixed() {
        CopiedPrefixes apart = new CopiedPrefixes(12, 30);
        CopiedPrefixes mixed = new CopiedPrefixes(12, 30);
        for (int slot = 0; slot < 8; slot++) {
            apart.copied(new PrefixCopy(slot < 4 ? 10 : 11, slot, 20));
            mixed.copied(new PrefixCopy(slot % 2 == 0 ? 10 : 11, slot, 20));
        }
        List<Chunk> decodes = singles(45, 0, 1, 2, 3, 4, 5, 6, 7);
        assertThat(apart.groups(decodes)).extracting(DecodeGroup::shared).containsExactly(20, 20);
        assertThat(mixed.groups(decodes)).containsExactly(new DecodeGroup(decodes, 0));
        // Soon after the prefix, little is read twice.
        List<Chunk> early = singles(22, 0, 1, 2, 3, 4, 5, 6, 7);
        assertThat(mixed.groups(early)).extracting(DecodeGroup::shared).containsExactly(20, 20);
    }

    @Test
    void rowsToBeGatheredCountThrice() {
        assertThat(new DecodeGroup(singles(29, 1, 2), 20).reads()).isEqualTo(20 + 2 * 10);
        assertThat(new DecodeGroup(singles(29, 1, 3), 20).reads()).isEqualTo(20 + 3 * 10);
        assertThat(new DecodeGroup(singles(29, 1, 5), 20).reads()).isEqualTo(20 + 6 * 10);
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
            int fewest = random.nextBoolean() ? -1000 : random.nextInt(10);
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
