package dev.whyrank.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.rerank.ErrorCode;
import dev.whyrank.rerank.Judgement;
import dev.whyrank.rerank.Judgement.Ending;
import dev.whyrank.rerank.Judgement.LabelSource;
import dev.whyrank.rerank.RerankEvent;
import dev.whyrank.rerank.RerankEvent.DocumentCompleted;
import dev.whyrank.rerank.RerankEvent.DocumentFailed;
import dev.whyrank.rerank.RerankEvent.DocumentStarted;
import dev.whyrank.rerank.RerankEvent.ExplanationDelta;
import dev.whyrank.rerank.RerankRequest;
import dev.whyrank.rerank.RerankRequest.Candidate;
import dev.whyrank.rerank.RerankRequest.Options;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class RequestTracesTest {

    private static final RerankRequest REQUEST =
            new RerankRequest("r1", "secret question", List.of(new Candidate("secret text", null)), Options.DEFAULT);
    private static final RerankEvent.Completed COMPLETED = new RerankEvent.Completed(
            List.of(), new RerankEvent.Timings(Duration.ZERO, Duration.ZERO, Duration.ZERO), List.of());

    private final InMemorySpanExporter exported = InMemorySpanExporter.create();

    private Tracer tracer(Sampler sampler) {
        return SdkTracerProvider.builder()
                .setSampler(sampler)
                .addSpanProcessor(SimpleSpanProcessor.create(exported))
                .build()
                .get("test");
    }

    private void hear(RerankEvent... events) {
        Consumer<RerankEvent> trace = new RequestTraces(tracer(Sampler.alwaysOn())).begun(REQUEST, "stories");
        List.of(events).forEach(trace);
    }

    private SpanData span(String name) {
        List<SpanData> found = exported.getFinishedSpanItems().stream()
                .filter(span -> span.getName().equals(name))
                .toList();
        assertThat(found).as(name).hasSize(1);
        return found.get(0);
    }

    private static DocumentCompleted judged(String explanation) {
        Judgement judgement = new Judgement(
                explanation,
                2,
                List.of(0, 1, 2),
                List.of(0.1, 0.2, 0.7),
                0.8,
                LabelSource.STATED,
                Ending.STOP,
                false,
                new Judgement.Usage(20, 12, 9));
        return new DocumentCompleted(0, judgement, 0.8, 1);
    }

    @Test
    void showsQueuePrefillAndDecodeOfADocument() {
        hear(
                new RerankEvent.Started(0),
                new DocumentStarted(0, 20, 12, false),
                new ExplanationDelta(0, "secret "),
                new ExplanationDelta(0, "words"),
                judged("secret words"),
                COMPLETED);
        SpanData request = span("rerank stories");
        SpanData document = span("document");
        assertThat(span("queue").getParentSpanId()).isEqualTo(request.getSpanId());
        assertThat(document.getParentSpanId()).isEqualTo(request.getSpanId());
        assertThat(span("prefill").getParentSpanId()).isEqualTo(document.getSpanId());
        assertThat(span("decode").getParentSpanId()).isEqualTo(document.getSpanId());
        assertThat(request.getAttributes().get(AttributeKey.stringKey("whyrank.request.id")))
                .isEqualTo("r1");
        assertThat(document.getAttributes().get(AttributeKey.longKey("gen_ai.usage.output_tokens")))
                .isEqualTo(9);
        assertThat(document.getAttributes().get(AttributeKey.stringKey("whyrank.label_source")))
                .isEqualTo("stated");
        assertThat(exported.getFinishedSpanItems().toString()).doesNotContain("secret");
    }

    @Test
    void endsEverySpanOfARequestThatFails() {
        hear(
                new RerankEvent.Started(0),
                new DocumentStarted(0, 20, 0, false),
                new DocumentFailed(0, ErrorCode.ENGINE_FAILURE, "broken"),
                new RerankEvent.Failed(ErrorCode.ENGINE_FAILURE, "broken"));
        assertThat(exported.getFinishedSpanItems()).hasSize(4).allMatch(SpanData::hasEnded);
        assertThat(span("rerank stories").getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(span("document").getAttributes().get(AttributeKey.stringKey("error.type")))
                .isEqualTo("engine_failure");
    }

    @Test
    void endsTheQueueOfARequestThatNeverHadItsTurn() {
        hear(
                new RerankEvent.Started(3),
                new DocumentFailed(0, ErrorCode.CANCELLED, "gone"),
                new RerankEvent.Failed(ErrorCode.CANCELLED, "gone"));
        assertThat(exported.getFinishedSpanItems())
                .extracting(SpanData::getName)
                .contains("queue", "rerank stories");
    }

    @Test
    void belongsToTheTraceThatIsCurrentWhereItBegins() {
        Tracer tracer = tracer(Sampler.alwaysOn());
        Span exchange = tracer.spanBuilder("http").startSpan();
        Consumer<RerankEvent> trace = Context.current()
                .with(exchange)
                .wrapFunction((RerankRequest request) -> new RequestTraces(tracer).begun(request, "stories"))
                .apply(REQUEST);
        trace.accept(COMPLETED);
        assertThat(span("rerank stories").getParentSpanId())
                .isEqualTo(exchange.getSpanContext().getSpanId())
                .isNotEqualTo(SpanId.getInvalid());
    }

    @Test
    void makesNothingOfARequestThatIsNotSampled() {
        Consumer<RerankEvent> trace = new RequestTraces(tracer(Sampler.alwaysOff())).begun(REQUEST, "stories");
        trace.accept(new DocumentStarted(0, 20, 0, false));
        trace.accept(COMPLETED);
        assertThat(exported.getFinishedSpanItems()).isEmpty();
    }
}
