package dev.whyrank.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.model.InvalidInputException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

class ProblemsTest {

    @Test
    void saysNothingAboutTheInsideOfTheService() {
        Problem problem = Problems.of(new IllegalStateException("secret path /etc"), "r");

        assertThat(problem.status()).isEqualTo(500);
        assertThat(problem.code()).isEqualTo("engine_failure");
        assertThat(problem.detail()).doesNotContain("secret");
        assertThat(problem.requestId()).isEqualTo("r");
    }

    @Test
    void passesOnWhatIsWrittenForTheUser() {
        Problem problem = Problems.of(new InvalidInputException("query: too strange; use words"), "r");

        assertThat(problem.status()).isEqualTo(400);
        assertThat(problem.detail()).isEqualTo("query: too strange; use words");
    }

    @Test
    void summarisesManyErrorsAndListsThemAll() {
        List<FieldError> errors = IntStream.range(0, 5)
                .mapToObj(i -> new FieldError("f" + i, "bad"))
                .toList();

        Problem problem = Problems.of(new InvalidRequestException(errors), "r");

        assertThat(problem.detail()).isEqualTo("f0: bad; f1: bad; f2: bad");
        assertThat(problem.errors()).hasSize(5);
    }

    @Test
    void mapsWhatSpringThrows() {
        assertThat(Problems.of(new ResponseStatusException(HttpStatus.SERVICE_UNAVAILABLE), "r")
                        .code())
                .isEqualTo("not_ready");
        assertThat(Problems.of(new ResponseStatusException(HttpStatus.BAD_GATEWAY), "r")
                        .status())
                .isEqualTo(500);
        assertThat(Problems.of(new ResponseStatusException(HttpStatus.CONFLICT, "odd"), "r")
                        .status())
                .isEqualTo(400);
    }
}
