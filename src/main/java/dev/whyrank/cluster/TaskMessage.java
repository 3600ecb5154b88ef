package dev.whyrank.cluster;

import dev.whyrank.rerank.RerankRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Documents of one request for one worker. A worker makes the prompts itself, so that a gateway needs no model.
 *
 * @param id names the task, also when it is added again
 * @param gateway to whose stream the answer goes
 * @param request the request's id, for logs
 * @param attempts that have ended without an answer
 * @param documents to judge, at their places in the request
 * @param tokens estimated, as admission counts them
 * @param deadlineMillis that were left when it was added, or null
 */
record TaskMessage(
        String id,
        String gateway,
        String request,
        Lane lane,
        int attempts,
        String query,
        @Nullable String instruction,
        boolean explain,
        int maxExplanationTokens,
        int maxDocumentTokens,
        boolean truncate,
        List<Text> documents,
        long tokens,
        @Nullable Long deadlineMillis) {

    /** Most documents of a task: enough to make a shared prefix pay, few enough to spread a request over workers. */
    static final int MOST_DOCUMENTS = 8;

    /** A document, at its place in the request. */
    record Text(int index, String text) {}

    TaskMessage again(int attempts, @Nullable Long deadlineMillis) {
        return new TaskMessage(
                id,
                gateway,
                request,
                lane,
                attempts,
                query,
                instruction,
                explain,
                maxExplanationTokens,
                maxDocumentTokens,
                truncate,
                documents,
                tokens,
                deadlineMillis);
    }

    List<Integer> indices() {
        return documents.stream().map(Text::index).toList();
    }

    /** The request as far as judging these documents goes: other places hold nothing, and nobody looks at them. */
    RerankRequest asRequest() {
        int places = documents.stream().mapToInt(Text::index).max().orElse(-1) + 1;
        List<RerankRequest.Candidate> candidates =
                new ArrayList<>(Collections.nCopies(places, new RerankRequest.Candidate("", null)));
        documents.forEach(
                document -> candidates.set(document.index(), new RerankRequest.Candidate(document.text(), null)));
        RerankRequest.Options options = new RerankRequest.Options(
                explain, Integer.MAX_VALUE, maxExplanationTokens, maxDocumentTokens, truncate, 1, null, instruction);
        return new RerankRequest(request, query, candidates, options, lane.handling());
    }
}
