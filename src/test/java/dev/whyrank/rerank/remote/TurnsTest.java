package dev.whyrank.rerank.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TurnsTest {

    private final List<String> took = new ArrayList<>();
    private final Turns turns = new Turns(2);

    private void await(String... takers) {
        for (String taker : takers) {
            turns.await(() -> took.add(taker));
        }
    }

    @Test
    void asManyTakeATurnAsThereAreTurns() {
        await("a", "b", "c", "d");
        assertThat(took).containsExactly("a", "b");
        turns.giveBack();
        assertThat(took).containsExactly("a", "b", "c");
        turns.giveBack();
        assertThat(took).containsExactly("a", "b", "c", "d");
    }

    @Test
    void turnsThatNobodyWaitsForAreKept() {
        await("a", "b");
        turns.giveBack();
        turns.giveBack();
        await("c", "d", "e");
        assertThat(took).containsExactly("a", "b", "c", "d");
    }

    @Test
    void whoGivesItsTurnBackAtOnceKeepsNobodyWaiting() {
        for (int i = 0; i < 5; i++) {
            turns.await(() -> {
                took.add("brief");
                turns.giveBack();
            });
        }
        assertThat(took).hasSize(5);
    }
}
