package dev.whyrank.observe;

import dev.whyrank.rerank.RerankEvent;
import dev.whyrank.rerank.RerankObserver;
import dev.whyrank.rerank.RerankRequest;
import java.util.Locale;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * One line for each request, at its end: what was asked of the service, never what was asked about. Its numbers are
 * fields of their own where logs are structured. The request's id is on the line as on all lines of a request.
 */
final class RequestLog implements RerankObserver {

    private static final Logger LOG = LoggerFactory.getLogger("dev.whyrank.requests");

    @Override
    public Consumer<RerankEvent> begun(RerankRequest request, String model) {
        int documents = request.candidates().size();
        return event -> {
            if (event instanceof RerankEvent.Completed completed) {
                ranked(documents, completed);
            } else if (event instanceof RerankEvent.Failed failed) {
                String code = failed.code().name().toLowerCase(Locale.ROOT);
                LOG.atInfo()
                        .addKeyValue("documents", documents)
                        .addKeyValue("error", code)
                        .log("failed");
            }
        };
    }

    private static void ranked(int documents, RerankEvent.Completed completed) {
        RerankEvent.Timings timings = completed.timings();
        LoggingEventBuilder line = LOG.atInfo()
                .addKeyValue("documents", documents)
                .addKeyValue("queue_ms", timings.queue().toMillis())
                .addKeyValue("first_token_ms", timings.firstToken().toMillis())
                .addKeyValue("total_ms", timings.total().toMillis());
        line.log("ranked");
    }
}
