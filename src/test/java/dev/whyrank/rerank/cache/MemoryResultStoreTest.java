package dev.whyrank.rerank.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.rerank.Judgement;
import dev.whyrank.rerank.Judgement.Ending;
import dev.whyrank.rerank.Judgement.LabelSource;
import dev.whyrank.rerank.RerankRequest;
import dev.whyrank.rerank.RerankRequest.Options;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is remembered, under which name, and for how long. */
class MemoryResultStoreTest {

    private static final Duration HOUR = Duration.ofHours(1);

    private final AtomicLong now = new AtomicLong();

    private static CachedResult result(String explanation) {
        Judgement judgement = new Judgement(
                explanation,
                1,
                List.of(0, 1, 2),
                List.of(0.25, 0.5, 0.25),
                0.5,
                LabelSource.STATED,
                Ending.STOP,
                false,
                new Judgement.Usage(7, 0, 3));
        return new CachedResult(judgement, List.of("a warning"));
    }

    @Test
    void givesBackWhatIsKeptUntilItIsTooOld() {
        MemoryResultStore store = new MemoryResultStore(1 << 20, HOUR, now::get);
        store.keep("a", result("first"));
        store.keep("b", result("second"));
        now.addAndGet(HOUR.toNanos() - 1);
        assertThat(store.find(List.of("a", "b", "c")))
                .containsOnlyKeys("a", "b")
                .containsEntry("a", result("first"));
        now.addAndGet(1);
        assertThat(store.find(List.of("a", "b"))).isEmpty();
    }

    @Test
    void takesNoMoreThanItsSize() {
        long size = 200_000;
        MemoryResultStore store = new MemoryResultStore(size, HOUR, now::get);
        String explanation = "x".repeat(5_000);
        for (int i = 0; i < 500; i++) {
            store.keep("key" + i, result(explanation));
        }
        store.cache().cleanUp();
        List<String> all = IntStream.range(0, 500).mapToObj(i -> "key" + i).toList();
        assertThat(store.find(all).size() * 10_000L).isBetween(1L, size);
        assertThat(store.cache().stats().evictionCount()).isPositive();
    }

    @Test
    void somethingLargerThanAllIsNotKept() {
        MemoryResultStore store = new MemoryResultStore(1_000, HOUR, now::get);
        store.keep("a", result("x".repeat(5_000)));
        store.cache().cleanUp();
        assertThat(store.find(List.of("a"))).isEmpty();
    }

    @Test
    void anEntryWeighsItsTextsItsLabelsAndAShare() {
        MemoryResultStore store = new MemoryResultStore(1 << 20, HOUR, now::get);
        store.keep("a", result("x".repeat(100)));
        int texts = 2 * (100 + "a warning".length());
        assertThat(store.cache().policy().eviction().orElseThrow().weightedSize())
                .hasValue(512L + texts + 3 * 40);
    }

    @Test
    void theFarStoreIsAskedForWhatIsNotNearAndOnlyThen() {
        MemoryResultStore near = new MemoryResultStore(1 << 20, HOUR, now::get);
        List<Collection<String>> asked = new ArrayList<>();
        ResultStore far = new ResultStore() {
            @Override
            public Map<String, CachedResult> find(Collection<String> keys) {
                asked.add(List.copyOf(keys));
                return Map.of();
            }

            @Override
            public void keep(String key, CachedResult result) {}
        };
        TieredResultStore both = new TieredResultStore(near, far);
        near.keep("near", result("near"));
        both.find(List.of("near", "nowhere"));
        both.find(List.of("near"));
        assertThat(asked).containsExactly(List.of("nowhere"));
    }

    @Test
    void theNearStoreIsFilledFromTheFarOne() {
        MemoryResultStore near = new MemoryResultStore(1 << 20, HOUR, now::get);
        MemoryResultStore far = new MemoryResultStore(1 << 20, HOUR, now::get);
        TieredResultStore both = new TieredResultStore(near, far);
        far.keep("far", result("far"));
        near.keep("near", result("near"));
        assertThat(both.find(List.of("near", "far", "nowhere"))).containsOnlyKeys("near", "far");
        assertThat(near.find(List.of("far"))).containsKey("far");
        both.keep("new", result("new"));
        assertThat(near.find(List.of("new")))
                .isEqualTo(far.find(List.of("new")))
                .isNotEmpty();
    }

    @Test
    void everythingAJudgementDependsOnIsInItsKeyAndNoText() {
        Set<String> keys = new HashSet<>();
        keys.add(key("model", "why?", "a document", options(true, 512, 100, true, null), true));
        keys.add(key("other", "why?", "a document", options(true, 512, 100, true, null), true));
        keys.add(key("model", "how?", "a document", options(true, 512, 100, true, null), true));
        keys.add(key("model", "why?", "a documenT", options(true, 512, 100, true, null), true));
        keys.add(key("model", "why?", "a document", options(true, 511, 100, true, null), true));
        keys.add(key("model", "why?", "a document", options(true, 512, 101, true, null), true));
        keys.add(key("model", "why?", "a document", options(true, 512, 100, false, null), true));
        keys.add(key("model", "why?", "a document", options(true, 512, 100, true, "Be strict."), true));
        keys.add(key("model", "why?", "a document", options(true, 512, 100, true, null), false));
        keys.add(key("modelw", "hy?", "a document", options(true, 512, 100, true, null), true));
        assertThat(keys).hasSize(10).allMatch(key -> key.matches("[0-9a-f]{64}"));

        assertThat(key("model", "why?", "a document", options(true, 9, 100, true, null), false))
                .as("the length of explanations is nothing to a label")
                .isIn(keys);
    }

    private static Options options(
            boolean explain, int explanation, int document, boolean truncate, @Nullable String instruction) {
        return new Options(explain, Integer.MAX_VALUE, explanation, document, truncate, 0.7, null, instruction);
    }

    private static String key(String identity, String query, String document, Options options, boolean explain) {
        RerankRequest request = new RerankRequest("id", query, List.of(), options);
        return ResultKeys.of(List.of(identity), request, explain).key(document);
    }
}
