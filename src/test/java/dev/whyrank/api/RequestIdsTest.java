package dev.whyrank.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class RequestIdsTest {

    @Test
    void keepsWhatIsSafeInALogLine() {
        assertThat(RequestIds.take("a-b_c.d:e0")).isEqualTo("a-b_c.d:e0");
        assertThat(RequestIds.take("a\r\nInjected: ü 1")).isEqualTo("aInjected:1");
        assertThat(RequestIds.take("x".repeat(500))).hasSize(64);
    }

    @Test
    void makesADifferentOneEachTimeWhenNothingIsLeft() {
        assertThat(RequestIds.take(null)).hasSizeGreaterThan(30).isNotEqualTo(RequestIds.take(null));
        assertThat(RequestIds.take(" \n")).hasSizeGreaterThan(30);
    }

    @Test
    void putsTheIdOnLogLinesAndTakesItOffAgain() {
        String seen = RequestIds.logged("r1", () -> MDC.get("request_id"));

        assertThat(seen).isEqualTo("r1");
        assertThat(MDC.get("request_id")).isNull();
    }
}
