package dev.whyrank.api;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Reads server-sent events strictly, the way the standard has it. */
public final class Sse {

    /** An event, or a comment if only that is set. */
    public record Event(String id, String name, String data, String comment) {

        public JsonNode json() {
            return Http.json(data);
        }
    }

    private Sse() {}

    /** All events of a whole stream. */
    public static List<Event> parse(String body) {
        if (!body.endsWith("\n\n")) {
            throw new AssertionError("the last event is not closed: " + body);
        }
        List<Event> events = new ArrayList<>();
        for (String block : body.substring(0, body.length() - 2).split("\n\n", -1)) {
            String id = "";
            String name = "";
            String data = "";
            String comment = "";
            for (String line : block.split("\n", -1)) {
                if (line.startsWith(": ")) {
                    comment = line.substring(2);
                } else if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("event: ")) {
                    name = line.substring(7);
                } else if (line.startsWith("data: ")) {
                    data = line.substring(6);
                } else {
                    throw new AssertionError("not a line of an event: " + line);
                }
            }
            events.add(new Event(id, name, data, comment));
        }
        return events;
    }

    /** The index of each document that has ended, once for each of its ends, in order. */
    public static List<Integer> ended(List<Event> events) {
        return events.stream()
                .filter(event -> event.name().matches("document\\.(completed|failed)"))
                .map(event -> event.json().path("index").asInt())
                .sorted()
                .toList();
    }
}
