package dev.whyrank.rerank.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whyrank.rerank.remote.ChatFailure.Kind;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpHeaders;

/** What an endpoint's own words mean: its pauses, its chunks, its errors. */
class ChatExchangeTest {

    private static @Nullable Duration pause(String name, String value) {
        HttpHeaders headers = new HttpHeaders();
        headers.set(name, value);
        return ChatExchange.pause(headers);
    }

    @Test
    void aPauseIsGivenInMillisecondsInSecondsOrAsADate() {
        assertThat(pause("retry-after-ms", "250")).isEqualTo(Duration.ofMillis(250));
        assertThat(pause("retry-after-ms", "-1")).isEqualTo(Duration.ZERO);
        assertThat(pause("Retry-After", "2")).isEqualTo(Duration.ofSeconds(2));
        assertThat(pause("Retry-After", "1.5")).isEqualTo(Duration.ofMillis(1500));
        ZonedDateTime now = ZonedDateTime.now(ZoneOffset.UTC);
        assertThat(pause("Retry-After", DateTimeFormatter.RFC_1123_DATE_TIME.format(now.plusHours(1))))
                .isBetween(Duration.ofMinutes(59), Duration.ofMinutes(60));
        assertThat(pause("Retry-After", DateTimeFormatter.RFC_1123_DATE_TIME.format(now.minusHours(1))))
                .isEqualTo(Duration.ZERO);
        assertThat(pause("Retry-After", "soon")).isNull();
        assertThat(pause("retry-after-ms", "soon")).isNull();
        assertThat(pause("Date", "now")).isNull();
    }

    @Test
    void aPauseOfExactlyTheLongestWaitIsWaitedFor() {
        ChatFailure busy = new ChatFailure(Kind.BUSY, "is busy", false, "", Duration.ofSeconds(5), null);
        assertThat(busy.passes(Duration.ofSeconds(5))).isTrue();
        assertThat(busy.passes(Duration.ofMillis(4999))).isFalse();
        assertThat(busy.begun()).isFalse();
        assertThat(busy.afterBeginning().begun()).isTrue();
        assertThat(busy.afterBeginning().retryAfter()).contains(Duration.ofSeconds(5));
    }

    @Test
    void aTokensBytesCountWhereTheyAreListed() {
        ChatChunk chunk = ChatReader.read("""
                {"choices": [{"delta": {"content": ""}, "logprobs": {"content": [
                  {"token": "\\\\xe6", "bytes": [230, 188], "logprob": -0.5, "top_logprobs": []},
                  {"token": "word", "bytes": null, "logprob": -0.25, "top_logprobs": []},
                  {"token": "none", "bytes": [], "logprob": -0.25, "top_logprobs": []}]}}]}
                """);
        assertThat(chunk.tokens().get(0).bytes()).containsExactly(230, 188);
        assertThat(chunk.tokens().get(0).alternatives()).containsEntry("\\xe6", -0.5);
        assertThat(chunk.tokens().get(1).bytes()).asString().isEqualTo("word");
        assertThat(chunk.tokens().get(2).bytes()).asString().isEqualTo("none");
        assertThat(chunk.finish()).isNull();
        assertThat(chunk.usage()).isNull();
    }

    @Test
    void anErrorsDetailIsOneShortLineWhateverItIs() {
        assertThat(ChatReader.detail("<html>\n <b>Bad</b>  gateway")).isEqualTo("<html> <b>Bad</b> gateway");
        assertThat(ChatReader.detail("{\"error\": {\"message\": \"no\", \"code\": \"c\", \"param\": \"p\"}}"))
                .isEqualTo("no c p");
        assertThat(ChatReader.detail("{\"error\": \"no\"}")).isEqualTo("no");
        assertThat(ChatReader.detail("x".repeat(300))).isEqualTo("x".repeat(300));
        assertThat(ChatReader.detail("x".repeat(301))).isEqualTo("x".repeat(300) + "…");
    }

    @Test
    void anErrorInTheMidstOfAnAnswerIsAFailure() {
        assertThatThrownBy(() -> ChatReader.read("{\"error\": {\"message\": \"overheated\"}}"))
                .isInstanceOfSatisfying(ChatFailure.class, failure -> {
                    assertThat(failure.kind()).isEqualTo(Kind.FAILED);
                    assertThat(failure.detail()).isEqualTo("overheated");
                });
        assertThatThrownBy(() -> ChatReader.read("[1]"))
                .isInstanceOfSatisfying(
                        ChatFailure.class, failure -> assertThat(failure.kind()).isEqualTo(Kind.UNREADABLE));
    }
}
