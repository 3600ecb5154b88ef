package dev.whyrank.api;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;

/** Whether an answer is a stream. */
final class Negotiation {

    private Negotiation() {}

    /**
     * A body that asks for a stream gets one. Otherwise {@code Accept} decides: a stream if {@code text/event-stream}
     * is named and JSON is not preferred to it.
     */
    static boolean streams(@Nullable Boolean asked, List<MediaType> accept) {
        if (Boolean.TRUE.equals(asked)) {
            return true;
        }
        List<MediaType> preferred = new ArrayList<>(accept);
        preferred.sort((a, b) -> Double.compare(b.getQualityValue(), a.getQualityValue()));
        for (MediaType type : preferred) {
            if (type.isWildcardType() || type.includes(MediaType.APPLICATION_JSON)) {
                return false;
            }
            if (type.includes(MediaType.TEXT_EVENT_STREAM)) {
                return true;
            }
        }
        return false;
    }
}
