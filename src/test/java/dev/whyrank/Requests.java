package dev.whyrank;

import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Requests that keep the small storyteller of the tests busy. */
public final class Requests {

    /** Settings that serve it with four slots, so that documents queue, and compute every answer. */
    static final String[] FOUR_SLOTS = {
        "--whyrank.model=src/test/resources/stories260k",
        "--whyrank.engine.precision=float32",
        "--whyrank.engine.kv-memory=3MB",
        "--whyrank.engine.threads=1",
        "--whyrank.cache.enabled=false"
    };

    /** Tokens of an explanation: half of what a slot of the model holds. */
    static final int LONGEST = 256;

    private Requests() {}

    /** A request for explanations of some length. */
    public static String explaining(int documents, int tokens, boolean stream) {
        String texts = IntStream.range(0, documents)
                .mapToObj(i -> "\"Once there was a box number " + i + ".\"")
                .collect(Collectors.joining(","));
        return "{\"query\": \"boxes?\", \"documents\": [%s], \"max_explanation_tokens\": %d, \"stream\": %s}"
                .formatted(texts, tokens, stream);
    }
}
