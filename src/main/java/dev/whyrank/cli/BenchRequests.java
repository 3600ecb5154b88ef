package dev.whyrank.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.ObjectMapper;

/**
 * Bodies of rerank requests made of common words, the same at every run.
 *
 * @param docs documents of each
 * @param queryWords words of the question
 * @param docWords words of each document
 * @param explanation most tokens of an explanation
 * @param stream whether to ask for events
 */
record BenchRequests(int docs, int queryWords, int docWords, int explanation, boolean stream) {

    private static final int SENTENCE = 12;
    private static final List<String> WORDS = List.of(
            ("water heat time long keep cold large small number system engine light part metal plant animal river city"
                            + " people language sound music paper price market garden window kitchen bread salt sugar oil"
                            + " grow build carry measure change turn read write answer question table reason result cause"
                            + " because while often never with without under over between the of a in is it that")
                    .split(" "));

    /** One request's body. */
    String body(int number) {
        Random random = new Random(number);
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("query", text(random, queryWords));
        body.put(
                "documents",
                IntStream.range(0, docs).mapToObj(i -> text(random, docWords)).toList());
        body.put("max_explanation_tokens", Math.min(1024, explanation));
        body.put("stream", stream);
        return new ObjectMapper().writeValueAsString(body);
    }

    private static String text(Random random, int words) {
        return IntStream.rangeClosed(1, words)
                .mapToObj(i -> WORDS.get(random.nextInt(WORDS.size())) + (i % SENTENCE == 0 || i == words ? "." : ""))
                .collect(Collectors.joining(" "));
    }
}
