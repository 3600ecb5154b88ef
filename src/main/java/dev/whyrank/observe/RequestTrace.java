package dev.whyrank.observe;

import dev.whyrank.rerank.ErrorCode;
import dev.whyrank.rerank.Judgement;
import dev.whyrank.rerank.RerankEvent;
import dev.whyrank.rerank.RerankEvent.DocumentCompleted;
import dev.whyrank.rerank.RerankEvent.DocumentFailed;
import dev.whyrank.rerank.RerankEvent.DocumentStarted;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The spans of one request, from its events: {@code queue} until its first document has its turn, then for each document
 * {@code document} with {@code prefill} until the first piece of its explanation and {@code decode} from there. A
 * document without an explanation is all prefill. With a cascade the explanation comes in a second pass, and the wait
 * for it counts as prefill. Heard one event at a time, so without a lock; no text goes into a span.
 */
final class RequestTrace implements Consumer<RerankEvent> {

    private final Tracer tracer;
    private final Span request;
    private final Context within;
    private final Span queue;
    private final Map<Integer, Document> documents = new HashMap<>();
    private boolean queued = true;

    /** A document's open spans. */
    private record Document(Span span, Context within, Span phase, boolean decoding) {}

    RequestTrace(Tracer tracer, Span request, Context within) {
        this.tracer = tracer;
        this.request = request;
        this.within = within;
        this.queue = child("queue", within);
    }

    private Span child(String name, Context parent) {
        return tracer.spanBuilder(name).setParent(parent).startSpan();
    }

    @Override
    public void accept(RerankEvent event) {
        if (event instanceof DocumentStarted started) {
            start(started);
        } else if (event instanceof RerankEvent.ExplanationDelta delta) {
            documents.computeIfPresent(delta.index(), (index, document) -> decoding(document));
        } else if (event instanceof DocumentCompleted completed) {
            complete(completed);
        } else if (event instanceof DocumentFailed failed) {
            fail(failed);
        } else if (event instanceof RerankEvent.Failed failed) {
            broken(request, failed.code());
            end();
        } else if (event instanceof RerankEvent.Completed) {
            end();
        }
    }

    private void start(DocumentStarted event) {
        endQueue();
        Span span = child("document", within)
                .setAttribute("whyrank.document.index", (long) event.index())
                .setAttribute("gen_ai.usage.input_tokens", (long) event.promptTokens())
                .setAttribute("whyrank.cached_tokens", (long) event.cachedTokens())
                .setAttribute("whyrank.truncated", event.truncated());
        Context context = span.storeInContext(within);
        Document before = documents.put(event.index(), new Document(span, context, child("prefill", context), false));
        if (before != null) {
            // Its worker was lost.
            before.phase().end();
            before.span().end();
        }
    }

    private Document decoding(Document document) {
        if (document.decoding()) {
            return document;
        }
        document.phase().end();
        return new Document(document.span(), document.within(), child("decode", document.within()), true);
    }

    private void complete(DocumentCompleted event) {
        Document document = documents.remove(event.index());
        if (document != null) {
            Judgement judgement = event.judgement();
            document.span()
                    .setAttribute("gen_ai.usage.output_tokens", (long)
                            judgement.usage().completionTokens())
                    .setAttribute("whyrank.label", (long) judgement.label())
                    .setAttribute("whyrank.label_source", name(judgement.source()))
                    .setAttribute("whyrank.finish_reason", name(judgement.ending()));
            document.phase().end();
            document.span().end();
        }
    }

    private void fail(DocumentFailed event) {
        Document document = documents.remove(event.index());
        if (document != null) {
            document.phase().end();
            broken(document.span(), event.code());
            document.span().end();
        }
    }

    private void endQueue() {
        if (queued) {
            queued = false;
            queue.end();
        }
    }

    private void end() {
        endQueue();
        request.end();
    }

    private static void broken(Span span, ErrorCode code) {
        span.setStatus(StatusCode.ERROR).setAttribute("error.type", name(code));
    }

    private static String name(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
