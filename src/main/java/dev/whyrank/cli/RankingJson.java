package dev.whyrank.cli;

import dev.whyrank.rerank.ExplanationKind;
import dev.whyrank.rerank.Judgement;
import dev.whyrank.rerank.RerankEvent.Completed;
import dev.whyrank.rerank.RerankEvent.DocumentFailed;
import dev.whyrank.rerank.RerankEvent.Ranked;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A ranking as one JSON document, with the names that the HTTP contract gives to the same things. */
final class RankingJson {

    private static final JsonMapper JSON = new JsonMapper();

    private final List<InputDocument> documents;
    private final ExplanationKind kind;

    RankingJson(List<InputDocument> documents, ExplanationKind kind) {
        this.documents = documents;
        this.kind = kind;
    }

    String of(String model, Completed completed, int top) {
        ObjectNode root = JSON.createObjectNode().put("object", "rerank").put("model", model);
        var results = root.putArray("results");
        completed.ranking().stream().limit(top).map(this::result).forEach(results::add);
        root.putObject("meta").set("warnings", JSON.valueToTree(completed.warnings()));
        return root.toString();
    }

    private ObjectNode result(Ranked ranked) {
        ObjectNode result = JSON.createObjectNode().put("index", ranked.index());
        String id = documents.get(ranked.index()).id();
        if (id != null) {
            result.put("id", id);
        }
        result.put("relevance_score", ranked.relevanceScore());
        Judgement judgement = ranked.judgement();
        if (judgement == null) {
            addFailure(result, Objects.requireNonNull(ranked.failure()));
        } else {
            addJudgement(result, judgement);
        }
        return result;
    }

    private void addJudgement(ObjectNode result, Judgement judgement) {
        result.put("model_score", judgement.modelScore()).put("label", judgement.label());
        result.set("labels", JSON.valueToTree(judgement.labels()));
        result.set("label_probabilities", JSON.valueToTree(judgement.labelProbabilities()));
        result.put("label_source", name(judgement.source()));
        if (!judgement.explanation().isEmpty()) {
            result.put("explanation", judgement.explanation());
        }
        result.put("explanation_kind", name(kind))
                .put("finish_reason", name(judgement.ending()))
                .put("truncated", judgement.truncated());
        Judgement.Usage usage = judgement.usage();
        result.putObject("usage")
                .put("prompt_tokens", usage.promptTokens())
                .put("cached_tokens", usage.cachedTokens())
                .put("completion_tokens", usage.completionTokens())
                .put("total_tokens", (long) usage.promptTokens() + usage.completionTokens());
    }

    private static void addFailure(ObjectNode result, DocumentFailed failure) {
        result.putObject("error")
                .put("code", name(failure.code()))
                .put("message", failure.message())
                .put("retryable", failure.code().retryable());
    }

    private static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
