package dev.whyrank.rerank;

import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who hears a request's events. One that throws has lost its client: that is said, and acted upon, once. */
final class Audience {

    private static final Logger LOG = LoggerFactory.getLogger(Audience.class);

    private final String request;
    private final Consumer<RerankEvent> listener;
    private final Runnable gone;
    private boolean failed;

    /**
     * An audience of one.
     *
     * @param gone run after the first time that the listener throws; events go on
     */
    Audience(String request, Consumer<RerankEvent> listener, Runnable gone) {
        this.request = request;
        this.listener = listener;
        this.gone = gone;
    }

    /** Never throws. Not for several threads at once. */
    void hear(RerankEvent event) {
        try {
            listener.accept(event);
        } catch (RuntimeException e) {
            if (!failed) {
                LOG.warn("request {}: the listener failed, so the request is cancelled", request, e);
                failed = true;
                gone.run();
            }
        }
    }
}
