package dev.whyrank.evaluate;

import dev.whyrank.rerank.ErrorCode;
import dev.whyrank.rerank.Judgement;
import dev.whyrank.rerank.Judgement.Ending;
import dev.whyrank.rerank.Judgement.LabelSource;
import dev.whyrank.rerank.Judgement.Usage;
import dev.whyrank.rerank.RerankEvent;
import dev.whyrank.rerank.RerankEvent.DocumentFailed;
import dev.whyrank.rerank.RerankEvent.Ranked;
import dev.whyrank.rerank.RerankRequest;
import dev.whyrank.rerank.RerankRequest.Options;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The HTTP contract's JSON as requests and events; pure. */
final class RemoteMessages {

    /** The smallest request whose answer tells the model and what its explanations are made of. */
    static final String PROBE =
            "{\"query\":\"Is anybody there?\",\"documents\":[\"Yes.\"],\"explain\":true,\"max_explanation_tokens\":1}";

    private RemoteMessages() {}

    static String body(RerankRequest request) {
        Options options = request.options();
        ObjectNode body = JsonLines.MAPPER.createObjectNode();
        body.put("query", request.query());
        ArrayNode documents = body.putArray("documents");
        request.candidates().forEach(candidate -> {
            ObjectNode document = documents.addObject().put("text", candidate.text());
            Double score = candidate.score();
            if (score != null) {
                document.put("score", score);
            }
        });
        body.put("explain", options.explain());
        body.put("alpha", options.alpha());
        if (options.explain()) {
            body.put("max_explanation_tokens", options.maxExplanationTokens());
        }
        String instruction = options.instruction();
        if (instruction != null) {
            body.put("instruction", instruction);
        }
        return body.toString();
    }

    /** The events that an answer stands for, from the first document's on. */
    static List<RerankEvent> events(RerankRequest request, int status, String body) {
        JsonNode answer = JsonLines.MAPPER.readTree(body);
        if (status != 200) {
            String code = answer.path("code").asString("engine_failure").toUpperCase(Locale.ROOT);
            return failed(
                    request, ErrorCode.valueOf(code), answer.path("message").asString("status " + status));
        }
        List<RerankEvent> events = new ArrayList<>();
        List<Ranked> ranking = new ArrayList<>();
        for (JsonNode result : answer.path("results")) {
            Ranked ranked = ranked(result);
            ranking.add(ranked);
            Judgement judgement = ranked.judgement();
            DocumentFailed failure = ranked.failure();
            if (judgement != null) {
                events.add(new RerankEvent.DocumentCompleted(
                        ranked.index(), judgement, ranked.relevanceScore(), ranking.size()));
            } else if (failure != null) {
                events.add(failure);
            }
        }
        checkComplete(ranking, request.candidates().size());
        events.add(new RerankEvent.Completed(ranking, timings(answer.path("timings")), List.of()));
        return events;
    }

    private static void checkComplete(List<Ranked> ranking, int documents) {
        boolean[] seen = new boolean[documents];
        for (Ranked place : ranking) {
            if (place.index() < 0 || place.index() >= documents || seen[place.index()]) {
                throw new IllegalArgumentException("index " + place.index() + " is repeated or out of range");
            }
            seen[place.index()] = true;
        }
        if (ranking.size() != documents) {
            throw new IllegalArgumentException(ranking.size() + " results for " + documents + " documents");
        }
    }

    private static Ranked ranked(JsonNode result) {
        int index = result.path("index").asInt();
        JsonNode error = result.path("error");
        if (error.isObject()) {
            String code = error.path("code").asString("engine_failure").toUpperCase(Locale.ROOT);
            String message = error.path("message").asString("");
            return new Ranked(index, null, 0, new DocumentFailed(index, ErrorCode.valueOf(code), message));
        }
        return new Ranked(
                index, judgement(result), result.path("relevance_score").asDouble(), null);
    }

    private static Judgement judgement(JsonNode result) {
        List<Integer> labels = new ArrayList<>();
        result.path("labels").forEach(label -> labels.add(label.asInt()));
        List<Double> probabilities = new ArrayList<>();
        result.path("label_probabilities").forEach(probability -> probabilities.add(probability.asDouble()));
        int label = result.path("label").asInt();
        if (!labels.contains(label) || labels.size() != probabilities.size()) {
            throw new IllegalArgumentException("label " + label + " of " + labels + " with " + probabilities);
        }
        JsonNode usage = result.path("usage");
        return new Judgement(
                result.path("explanation").asString(""),
                label,
                labels,
                probabilities,
                result.path("model_score").asDouble(),
                LabelSource.valueOf(upper(result.path("label_source").asString(null), "stated")),
                Ending.valueOf(upper(result.path("finish_reason").asString(null), "stop")),
                result.path("truncated").asBoolean(false),
                new Usage(
                        usage.path("prompt_tokens").asInt(0),
                        usage.path("cached_tokens").asInt(0),
                        usage.path("completion_tokens").asInt(0)));
    }

    private static String upper(@Nullable String value, String absent) {
        return (value == null ? absent : value).toUpperCase(Locale.ROOT);
    }

    private static RerankEvent.Timings timings(JsonNode timings) {
        return new RerankEvent.Timings(
                Duration.ofMillis(timings.path("queue_ms").asLong(0)),
                Duration.ofMillis(timings.path("first_token_ms").asLong(0)),
                Duration.ofMillis(timings.path("total_ms").asLong(0)));
    }

    /** What a request's failure as a whole stands for. */
    static List<RerankEvent> failed(RerankRequest request, ErrorCode code, String message) {
        List<RerankEvent> events = new ArrayList<>();
        for (int i = 0; i < request.candidates().size(); i++) {
            events.add(new DocumentFailed(i, code, message));
        }
        events.add(new RerankEvent.Failed(code, message));
        return events;
    }
}
