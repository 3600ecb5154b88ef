package dev.whyrank.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.rerank.ErrorCode;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RequestPaceTest {

    @Test
    void givesAMinutesRequestsAtOnceAndThenSaysWhenTheNextIsFree() {
        RequestPace pace = new RequestPace(2, 2);
        assertThat(pace.refuse(0)).isEmpty();
        assertThat(pace.refuse(0)).isEmpty();
        assertThat(pace.refuse(0)).hasValueSatisfying(refusal -> {
            assertThat(refusal.code()).isEqualTo(ErrorCode.RATE_LIMITED);
            assertThat(refusal).hasMessageContaining("2 requests a minute");
            assertThat(refusal.retryAfter())
                    .hasValueSatisfying(
                            wait -> assertThat(wait).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(30)));
        });
        assertThat(pace.refuse(1)).as("another key's").isEmpty();
    }

    @Test
    void withoutALimitNobodyWaits() {
        RequestPace pace = new RequestPace(0, 1);
        for (int i = 0; i < 10_000; i++) {
            assertThat(pace.refuse(0)).isEmpty();
        }
    }
}
