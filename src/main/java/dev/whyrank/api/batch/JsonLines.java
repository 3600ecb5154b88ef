package dev.whyrank.api.batch;

import dev.whyrank.api.ApiJson;
import dev.whyrank.api.InvalidRequestException;
import dev.whyrank.rerank.Characters;
import dev.whyrank.rerank.ErrorCode;
import dev.whyrank.rerank.RerankException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** A body of JSON lines: one object a line, named by a {@code custom_id} that no other line has. */
final class JsonLines {

    private static final String CUSTOM_ID = "custom_id";
    private static final int LONGEST_ID = 128;

    private final ApiJson json;
    private final int most;

    JsonLines(ApiJson json, int most) {
        this.json = json;
        this.most = most;
    }

    /**
     * Splits a body. Whether the objects are requests is found out when they are answered.
     *
     * @throws InvalidRequestException naming the line that is no JSON object, not UTF-8 or blank, or whose id is taken
     * @throws RerankException {@code TOO_LARGE} if there are too many lines
     */
    List<String> split(byte[] body) {
        List<String> lines = new ArrayList<>();
        Map<String, Integer> ids = new HashMap<>();
        int from = 0;
        while (from < body.length) {
            int to = from;
            while (to < body.length && body[to] != '\n') {
                to++;
            }
            int number = lines.size() + 1;
            if (number > most) {
                throw new RerankException(
                        ErrorCode.TOO_LARGE, "a batch may hold " + most + " lines; send the rest as another");
            }
            String line = decode(body, from, to, number);
            check(line, number, ids);
            lines.add(line);
            from = to + 1;
        }
        if (lines.isEmpty()) {
            throw new InvalidRequestException("", "the body is empty; send one JSON object a line");
        }
        return lines;
    }

    private static String decode(byte[] body, int from, int to, int number) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body, from, to - from))
                    .toString()
                    .strip();
        } catch (CharacterCodingException e) {
            throw wrong(number, "is not UTF-8", e);
        }
    }

    private void check(String line, int number, Map<String, Integer> ids) {
        if (line.isEmpty()) {
            throw wrong(number, "is blank; send one JSON object a line", null);
        }
        JsonNode node;
        try {
            node = json.mapper().readTree(line);
        } catch (JacksonException e) {
            var location = e.getLocation();
            String where = location == null || location.getColumnNr() < 1 ? "" : " at column " + location.getColumnNr();
            throw wrong(number, "is not valid JSON" + where, e);
        }
        if (!node.isObject()) {
            throw wrong(number, "must be a JSON object", null);
        }
        String id = requireId(node.get(CUSTOM_ID), number);
        Integer before = id == null ? null : ids.putIfAbsent(id, number);
        if (before != null) {
            throw new InvalidRequestException(field(number) + "." + CUSTOM_ID, "is that of line " + before + ", too");
        }
    }

    private static @Nullable String requireId(@Nullable JsonNode node, int number) {
        if (node == null || node.isNull()) {
            return null;
        }
        if (!node.isString() || node.asString().length() > LONGEST_ID) {
            throw new InvalidRequestException(
                    field(number) + "." + CUSTOM_ID, "must be a string of at most " + LONGEST_ID + " characters");
        }
        return Characters.wellFormed(node.asString());
    }

    private static String field(int number) {
        return "line " + number;
    }

    private static InvalidRequestException wrong(int number, String message, @Nullable Exception cause) {
        InvalidRequestException thrown = new InvalidRequestException(field(number), message);
        if (cause != null) {
            thrown.initCause(cause);
        }
        return thrown;
    }

    /** The id of a line that was split off before, or null. */
    @Nullable
    String customId(String line) {
        JsonNode id = json.mapper().readTree(line).get(CUSTOM_ID);
        return id == null || id.isNull() ? null : Characters.wellFormed(id.asString());
    }
}
