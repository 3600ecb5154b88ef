package dev.whyrank.api;

import dev.whyrank.fuzz.Corpus;
import dev.whyrank.fuzz.Fuzzed;
import dev.whyrank.rerank.Characters;
import dev.whyrank.rerank.RerankEvent;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ArgumentsSource;
import tools.jackson.databind.JsonNode;

/** Any bytes as the body of a rerank request and of a request for queries: answered in JSON, or refused. */
public class RequestFuzzTest {

    private static final RequestMapper MAPPER = new RequestMapper(Decoding.CANDIDATES, Decoding.MODELS);

    public static void fuzzerTestOneInput(byte[] input) {
        Fuzzed.inTime(() -> requireText(Decoding.answer(input, RerankBody.class, RequestFuzzTest::rerank)));
        Fuzzed.inTime(() -> requireText(Decoding.answer(input, QueriesBody.class, body -> body)));
    }

    private static RerankReply rerank(RerankBody body) {
        RerankCall call = MAPPER.map("id", body);
        call.documents().forEach(document -> requireEcho(document.metadata()));
        ReplyMapper replies = new ReplyMapper(call, FakeReranker.MODEL, dev.whyrank.rerank.ExplanationKind.REASONING);
        List<RerankEvent> events = new ArrayList<>();
        FakeReranker.playAll(new FakeReranker.Run(call.request(), events::add));
        return replies.reply((RerankEvent.Completed) events.get(events.size() - 1));
    }

    private static void requireEcho(@Nullable JsonNode metadata) {
        if (metadata != null
                && !Decoding.JSON
                        .mapper()
                        .readTree(Decoding.JSON.bytes(metadata))
                        .equals(RequestFuzzTest::compare, metadata)) {
            throw new AssertionError("is echoed otherwise: " + metadata);
        }
    }

    /** 1e0 may come back as 1: numbers are what they are worth. */
    private static int compare(JsonNode one, JsonNode other) {
        if (one.isNumber() && other.isNumber()) {
            return one.decimalValue().compareTo(other.decimalValue());
        }
        return one.equals(other) ? 0 : 1;
    }

    /** Answers must be UTF-8 that holds no half of a character, also not as an escape. */
    private static void requireText(byte @Nullable [] answer) {
        if (answer == null) {
            return;
        }
        String json;
        try {
            json = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(java.nio.ByteBuffer.wrap(answer))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new AssertionError("not UTF-8", e);
        }
        requireWholeCharacters(Decoding.JSON.mapper().readTree(json));
    }

    private static void requireWholeCharacters(JsonNode node) {
        if (node.isString() && !Characters.wellFormed(node.stringValue()).equals(node.stringValue())) {
            throw new AssertionError("half a character: " + node);
        }
        node.forEach(RequestFuzzTest::requireWholeCharacters);
    }

    @ParameterizedTest
    @ArgumentsSource(Corpus.class)
    void standsItsCorpus(byte[] input) {
        fuzzerTestOneInput(input);
    }
}
