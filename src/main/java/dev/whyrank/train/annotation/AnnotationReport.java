package dev.whyrank.train.annotation;

import dev.whyrank.rerank.remote.ChatUsage;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What annotating came to.
 *
 * @param answers wanted in all
 * @param asked answers that this run got
 * @param rejected answers that cannot be used, by reason
 * @param missing answers that are not there
 * @param retries attempts after first ones
 * @param spent tokens of this run
 * @param total tokens of all runs with this journal
 * @param cut documents that were cut
 * @param lastFailure what the endpoint did last instead of answering, or null
 */
public record AnnotationReport(
        int answers,
        int asked,
        Map<String, Integer> rejected,
        int missing,
        long retries,
        ChatUsage spent,
        ChatUsage total,
        int cut,
        @Nullable String lastFailure) {}
