package dev.whyrank.generate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EncoderQueueTest {

    private final EncoderQueue queue = new EncoderQueue(20);

    @Test
    void groupsTheOldestTextWithThoseNearestInLength() {
        add(5, 1, 9, 5, 6, 4, 5);
        assertThat(lengths()).containsExactly(5, 5, 5, 4);
        assertThat(lengths()).containsExactly(1, 6);
        assertThat(lengths()).containsExactly(9);
    }

    @Test
    void countsPadding() {
        add(4, 10, 10, 10);
        assertThat(lengths()).containsExactly(4, 10);
        assertThat(lengths()).containsExactly(10, 10);
        assertThat(lengths()).isEmpty();
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void aTextLongerThanTheBudgetGoesAlone() {
        add(30, 1);
        assertThat(lengths()).containsExactly(30);
        assertThat(lengths()).containsExactly(1);
    }

    @Test
    void mixesJobsAndForgetsARemovedOne() {
        EncoderJob first = add(2, 2);
        EncoderJob second = add(2, 7);
        queue.remove(first);
        assertThat(queue.nextBatch())
                .allSatisfy(text -> assertThat(text.job()).isSameAs(second))
                .hasSize(2);
        assertThat(queue.isEmpty()).isTrue();
        assertThat(queue.nextBatch()).isEmpty();
        add(3);
        add(3);
        assertThat(lengths()).containsExactly(3, 3);
    }

    private EncoderJob add(int... lengths) {
        List<int[]> texts = new ArrayList<>();
        for (int length : lengths) {
            texts.add(new int[length]);
        }
        EncoderJob job = new EncoderJob(texts);
        queue.add(job);
        return job;
    }

    private List<Integer> lengths() {
        return queue.nextBatch().stream().map(EncoderJob.Text::length).toList();
    }
}
