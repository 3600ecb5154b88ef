package dev.whyrank.api;

import dev.whyrank.fuzz.Corpus;
import dev.whyrank.fuzz.Fuzzed;
import dev.whyrank.rerank.ErrorCode;
import dev.whyrank.rerank.ExplanationKind;
import dev.whyrank.rerank.Judgement;
import dev.whyrank.rerank.RerankEvent;
import dev.whyrank.rerank.RerankRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ArgumentsSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/**
 * Any explanation, document id and failure's message, with a byte 0 between them: each event is one frame and reads
 * back as what was said.
 */
public class EventsFuzzTest {

    private static final RerankEvent.Timings TIMINGS =
            new RerankEvent.Timings(Duration.ZERO, Duration.ZERO, Duration.ZERO);

    public static void fuzzerTestOneInput(byte[] input) {
        String[] texts = Fuzzed.texts(input, 3);
        Fuzzed.inTime(() -> {
            whyrank(texts[0], texts[1], texts[2]);
            openAi(texts[0], texts[1], texts[2]);
        });
    }

    private static void whyrank(String explanation, String id, String message) {
        WhyrankEvents format = new WhyrankEvents(Decoding.JSON, replies(id));
        same(only(format, new RerankEvent.ExplanationDelta(0, explanation)).path("delta"), explanation);
        same(only(format, new RerankEvent.DocumentStarted(0, 1, 0, false)).path("id"), id);
        JsonNode completed = only(format, completed(explanation));
        same(completed.at("/results/0/id"), id);
        same(completed.at("/results/0/metadata"), id);
        same(completed.at("/results/0/document/title"), id);
        if (!explanation.isEmpty()) {
            same(completed.at("/results/0/explanation"), explanation);
        }
        same(only(format, failed(message)).path("message"), message);
        same(
                only(format, new RerankEvent.Failed(ErrorCode.ENGINE_FAILURE, message))
                        .path("detail"),
                message);
    }

    private static void openAi(String explanation, String id, String message) {
        OpenAiEvents format = new OpenAiEvents(Decoding.JSON, replies(id), 0);
        if (!explanation.isEmpty()) {
            same(
                    only(format, new RerankEvent.ExplanationDelta(0, explanation))
                            .at("/choices/0/delta/reasoning"),
                    explanation);
        }
        same(only(format, failed(message)).at("/choices/0/delta/content"), "Error: " + message);
        List<Sse.Event> last = events(format, completed(explanation));
        if (last.size() != 2 || !last.get(1).data().equals("[DONE]")) {
            throw new AssertionError("no end: " + last);
        }
        same(last.get(0).json().at("/rerank/results/0/id"), id);
    }

    private static JsonNode only(EventFormat format, RerankEvent event) {
        List<Sse.Event> events = events(format, event);
        if (events.size() != 1) {
            throw new AssertionError(events.size() + " frames: " + events);
        }
        return events.get(0).json();
    }

    private static List<Sse.Event> events(EventFormat format, RerankEvent event) {
        String frames = new String(format.frames(event), StandardCharsets.UTF_8);
        // A reader of the standard ends lines at a carriage return, too.
        if (frames.indexOf('\r') >= 0) {
            throw new AssertionError("a line ends within the data: " + frames);
        }
        return Sse.parse(frames);
    }

    private static void same(JsonNode read, String said) {
        if (!read.isString() || !read.stringValue().equals(said)) {
            throw new AssertionError("'" + said + "' reads back as " + read);
        }
    }

    private static ReplyMapper replies(String id) {
        RerankRequest request = new RerankRequest(
                "r", "q", List.of(new RerankRequest.Candidate("t", null)), RerankRequest.Options.DEFAULT);
        DocumentBody document = new DocumentBody(id, id, "t", null, StringNode.valueOf(id));
        return new ReplyMapper(
                new RerankCall(request, List.of(document), 1, true, List.of()), "m", ExplanationKind.REASONING);
    }

    private static RerankEvent.DocumentFailed failed(String message) {
        return new RerankEvent.DocumentFailed(0, ErrorCode.ENGINE_FAILURE, message);
    }

    private static RerankEvent.Completed completed(String explanation) {
        Judgement judgement = new Judgement(
                explanation,
                1,
                List.of(0, 1, 2),
                List.of(0.0, 1.0, 0.0),
                0.5,
                Judgement.LabelSource.STATED,
                Judgement.Ending.STOP,
                false,
                new Judgement.Usage(1, 0, 1));
        return new RerankEvent.Completed(
                List.of(new RerankEvent.Ranked(0, judgement, 0.5, null)), TIMINGS, List.of(explanation));
    }

    @ParameterizedTest
    @ArgumentsSource(Corpus.class)
    void standsItsCorpus(byte[] input) {
        fuzzerTestOneInput(input);
    }
}
