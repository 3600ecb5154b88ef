package dev.whyrank.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.Patience;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

class EventBufferTest {

    private static final long LIMIT = 1 << 20;

    private final EventBuffer buffer = new EventBuffer(DefaultDataBufferFactory.sharedInstance, LIMIT);
    private final List<Publisher<DataBuffer>> groups = new ArrayList<>();
    private boolean ended;

    private void subscribe() {
        buffer.groups().doOnComplete(() -> ended = true).subscribe(groups::add);
    }

    private static byte[] bytes(int length) {
        return "x".repeat(length).getBytes(StandardCharsets.US_ASCII);
    }

    private @Nullable Integer takeNext() {
        return Flux.from(groups.remove(0)).map(DataBuffer::readableByteCount).blockFirst();
    }

    @Test
    void gathersWhatComesWhileNobodyTakes() {
        subscribe();
        buffer.append(bytes(3));
        buffer.append(bytes(4));
        buffer.append(bytes(5));

        assertThat(groups).as("one wake-up, not one for each event").hasSize(1);
        assertThat(takeNext()).isEqualTo(12);
        assertThat(groups).isEmpty();
    }

    @Test
    void keepsWhatCameBeforeTheSubscriber() {
        buffer.append(bytes(3));
        buffer.complete();
        subscribe();

        assertThat(takeNext()).isEqualTo(3);
        assertThat(ended).isTrue();
    }

    @Test
    void cutsLargeEventsIntoGroups() {
        subscribe();
        buffer.append(bytes(EventBuffer.GROUP_BYTES + 10));
        buffer.complete();

        assertThat(takeNext()).isEqualTo(EventBuffer.GROUP_BYTES);
        assertThat(ended).isFalse();
        assertThat(takeNext()).isEqualTo(10);
        assertThat(ended).isTrue();
    }

    @Test
    void takesOneEventOfAnySizeAndNoMoreBeyondTheLimit() {
        assertThat(buffer.append(bytes(10))).isTrue();
        assertThat(buffer.append(bytes((int) LIMIT * 2))).isTrue();
        assertThat(buffer.append(bytes(1))).isFalse();
    }

    @Test
    void ignoresWhatComesAfterItsEnd() {
        subscribe();
        buffer.complete();

        assertThat(buffer.append(bytes(1))).isTrue();
        assertThat(ended).isTrue();
        assertThat(groups).isEmpty();
    }

    @Test
    void forgetsEverythingWhenClosed() {
        subscribe();
        buffer.append(bytes(100));
        buffer.close();

        assertThat(buffer.waiting()).isFalse();
        assertThat(Flux.from(groups.remove(0)).collectList().block()).isEmpty();
        assertThat(buffer.append(bytes((int) LIMIT * 2))).isTrue();
        assertThat(buffer.append(bytes(1)))
                .as("a closed buffer has no limit to pass")
                .isTrue();
    }

    @Test
    void showsWhetherTheClientTakesWhatItIsOwed() {
        subscribe();
        assertThat(buffer.waiting()).isFalse();
        buffer.append(bytes(1));
        assertThat(buffer.waiting()).isTrue();
        long before = buffer.taken();
        takeNext();
        assertThat(buffer.taken()).isGreaterThan(before);
        assertThat(buffer.waiting()).isFalse();
    }

    @Test
    void losesAndReordersNothingBetweenThreads() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        ByteArrayOutputStream got = new ByteArrayOutputStream();
        CountDownLatch done = new CountDownLatch(1);
        EventBuffer roomy = new EventBuffer(DefaultDataBufferFactory.sharedInstance, Long.MAX_VALUE);
        roomy.groups()
                .publishOn(Schedulers.parallel())
                .concatMap(group -> group)
                .subscribe(data -> got.writeBytes(bytes(data)), error -> done.countDown(), done::countDown);

        for (int i = 0; i < 20_000; i++) {
            byte[] event = new byte[1 + random.nextInt(i % 1000 == 0 ? 200_000 : 60)];
            random.nextBytes(event);
            expected.writeBytes(event);
            roomy.append(event);
        }
        roomy.complete();

        assertThat(done.await(Patience.SECONDS, TimeUnit.SECONDS))
                .as("seed %d", seed)
                .isTrue();
        assertThat(got.toByteArray()).as("seed %d", seed).isEqualTo(expected.toByteArray());
    }

    private static byte[] bytes(DataBuffer data) {
        byte[] bytes = new byte[data.readableByteCount()];
        data.read(bytes);
        return bytes;
    }
}
