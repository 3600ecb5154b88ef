package dev.whyrank.rerank.remote;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The fields that an endpoint understands. All are sent until it refuses one: which model of which vendor takes which
 * is nothing to know in advance.
 *
 * @param dropped what it refused; without {@code max_tokens} it gets {@code max_completion_tokens}
 */
record Dialect(Set<String> dropped) {

    /** What can be left out. */
    static final List<String> OPTIONAL =
            List.of("top_logprobs", "logprobs", "stream_options", "max_tokens", "temperature", "stop");

    static final Dialect WHOLE = new Dialect(Set.of());

    String body(String model, ChatRequest request) {
        ObjectNode body = ChatReader.JSON.createObjectNode();
        body.put("model", model);
        ArrayNode messages = body.putArray("messages");
        request.messages()
                .forEach(message ->
                        messages.addObject().put("role", message.role()).put("content", message.content()));
        body.put("stream", true);
        if (speaks("stream_options")) {
            body.putObject("stream_options").put("include_usage", true);
        }
        if (speaks("temperature")) {
            body.put("temperature", 0);
        }
        body.put(speaks("max_tokens") ? "max_tokens" : "max_completion_tokens", request.maxTokens());
        if (speaks("stop") && !request.stops().isEmpty()) {
            request.stops().forEach(body.putArray("stop")::add);
        }
        if (request.alternatives() > 0 && speaks("logprobs")) {
            body.put("logprobs", true);
            if (speaks("top_logprobs")) {
                body.put("top_logprobs", request.alternatives());
            }
        }
        return body.toString();
    }

    boolean speaks(String field) {
        return !dropped.contains(field);
    }

    /** The fields that a refusal names and that were sent. */
    Set<String> named(String refusal) {
        Set<String> named = new TreeSet<>();
        for (String field : OPTIONAL) {
            if (speaks(field)
                    && Pattern.compile("(?<![a-z_])" + field + "(?![a-z_])")
                            .matcher(refusal)
                            .find()) {
                named.add(field);
            }
        }
        return named;
    }

    Dialect without(Set<String> fields) {
        Set<String> all = new TreeSet<>(dropped);
        all.addAll(fields);
        return new Dialect(Set.copyOf(all));
    }
}
