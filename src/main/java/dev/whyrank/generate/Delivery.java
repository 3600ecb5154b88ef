package dev.whyrank.generate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes events to their listeners and knows every sequence that still has a terminal event to come, independently of
 * the scheduler: whatever fails, none is forgotten.
 */
final class Delivery {

    /** Told when a listener has thrown. */
    interface Complaint {
        void listenerThrew(long request, int index);
    }

    private static final Logger log = LoggerFactory.getLogger(Delivery.class);

    private final Map<Long, Ticket> tickets = new HashMap<>();
    private final Quota quota;
    private final Complaint complaint;

    /**
     * A delivery with nobody to deliver to.
     *
     * @param quota a place of which each waiting sequence holds
     */
    Delivery(Quota quota, Complaint complaint) {
        this.quota = quota;
        this.complaint = complaint;
    }

    void open(Ticket ticket) {
        tickets.put(ticket.id(), ticket);
    }

    boolean isIdle() {
        return tickets.isEmpty();
    }

    void deliver(List<SequenceEvent> events) {
        events.forEach(this::deliver);
    }

    private void deliver(SequenceEvent event) {
        Ticket ticket = tickets.get(event.request());
        if (ticket == null) {
            throw new IllegalStateException("an event for request " + event.request() + ", which is not open");
        }
        int index = event.index();
        // The books first: they must be right whatever the listener does.
        if (ticket.leaveQueue(index)) {
            quota.release(1);
        }
        if (event.terminal()) {
            ticket.end(index);
            if (ticket.open().isEmpty()) {
                tickets.remove(event.request());
            }
        }
        if (!tell(ticket.listener(index), event) && !event.terminal()) {
            complaint.listenerThrew(event.request(), index);
        }
    }

    /** Ends every open sequence. */
    void failAll(RuntimeException cause) {
        List<SequenceEvent> events = new ArrayList<>();
        for (Ticket ticket : tickets.values()) {
            ticket.open().stream().forEach(index -> events.add(new SequenceEvent.Failed(ticket.id(), index, cause)));
        }
        deliver(events);
    }

    /** Calls a listener and says whether it returned normally. */
    private static boolean tell(SequenceListener listener, SequenceEvent event) {
        try {
            call(listener, event);
            return true;
        } catch (Throwable thrown) {
            log.error(
                    "The listener of sequence {} of request {} threw; the sequence is cancelled",
                    event.index(),
                    event.request(),
                    thrown);
            return false;
        }
    }

    private static void call(SequenceListener listener, SequenceEvent event) {
        if (event instanceof SequenceEvent.Started started) {
            listener.started(started.promptTokens(), started.cachedTokens());
        } else if (event instanceof SequenceEvent.Token token) {
            listener.token(token.token(), token.labelLogProbabilities());
        } else if (event instanceof SequenceEvent.Finished finished) {
            listener.finished(finished.reason(), finished.labelLogProbabilities());
        } else if (event instanceof SequenceEvent.Failed failed) {
            listener.failed(failed.cause());
        }
    }
}
