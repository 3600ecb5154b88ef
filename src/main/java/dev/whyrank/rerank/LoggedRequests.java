package dev.whyrank.rerank;

import java.util.concurrent.Executor;
import org.slf4j.MDC;

/** Puts a request's id on every line that is logged for it. */
public final class LoggedRequests {

    /** The key of the id in log lines. */
    public static final String MDC_KEY = "request_id";

    private LoggedRequests() {}

    /** An executor whose work carries the id, on whatever thread it runs. */
    static Executor on(Executor pool, String id) {
        return work -> pool.execute(() -> {
            MDC.put(MDC_KEY, id);
            try {
                work.run();
            } finally {
                MDC.remove(MDC_KEY);
            }
        });
    }
}
