package dev.whyrank.api.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whyrank.api.InvalidRequestException;
import java.util.List;
import org.junit.jupiter.api.Test;

class PairsTest {

    @Test
    void oneQuestionGoesWithEveryDocument() {
        Pairs pairs = Pairs.of(List.of("q"), List.of("a", "b"));

        assertThat(pairs.groups()).containsExactly(new Pairs.Group("q", List.of("a", "b"), List.of(0, 1)));
        assertThat(pairs.size()).isEqualTo(2);
    }

    @Test
    void equalQuestionsBecomeOneGroupThatRemembersItsPlaces() {
        Pairs pairs = Pairs.of(List.of("p", "q", "p"), List.of("a", "b", "c"));

        assertThat(pairs.groups())
                .containsExactly(
                        new Pairs.Group("p", List.of("a", "c"), List.of(0, 2)),
                        new Pairs.Group("q", List.of("b"), List.of(1)));
    }

    @Test
    void numbersMustGoTogether() {
        assertThatThrownBy(() -> Pairs.of(List.of("p", "q"), List.of("a")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("text_1");
    }
}
