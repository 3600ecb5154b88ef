package dev.whyrank.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.rerank.ErrorCode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.http.HttpStatus;

class ErrorStatusTest {

    @ParameterizedTest
    @EnumSource
    void everyCodeIsAnErrorAndOnlyServerErrorsAndOverloadMayBeRetried(ErrorCode code) {
        HttpStatus status = ErrorStatus.of(code);

        assertThat(status.isError()).isTrue();
        assertThat(code.retryable()).isEqualTo(status.is5xxServerError() || status == HttpStatus.TOO_MANY_REQUESTS);
    }
}
