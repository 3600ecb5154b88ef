package dev.whyrank.evaluate;

import dev.whyrank.evaluate.FirstStage.Retrieved;
import dev.whyrank.rerank.RerankRequest;
import dev.whyrank.rerank.RerankRequest.Candidate;
import dev.whyrank.rerank.RerankRequest.Options;
import java.util.List;

/** A query and its candidates, to be judged in one mode. */
record QueryTask(Query query, Mode mode, List<Retrieved> candidates) {

    RerankRequest request(TestCollection collection, Options options) {
        Options inMode = new Options(
                mode == Mode.EXPLAIN,
                options.explainTopN(),
                options.maxExplanationTokens(),
                options.maxDocumentTokens(),
                options.truncate(),
                options.alpha(),
                options.deadline(),
                options.instruction());
        List<Candidate> texts = candidates.stream()
                .map(found ->
                        new Candidate(collection.document(found.documentId()).judged(), found.score()))
                .toList();
        return new RerankRequest(query.id() + "/" + mode.title(), query.text(), texts, inMode);
    }
}
