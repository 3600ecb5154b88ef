package dev.whyrank;

import dev.whyrank.model.InvalidInputException;
import dev.whyrank.rerank.PromptFormat;
import dev.whyrank.rerank.remote.ChatClient;
import dev.whyrank.rerank.remote.ChatEndpoint;
import dev.whyrank.rerank.remote.ChatPolicy;
import dev.whyrank.rerank.remote.RemoteJudge;
import dev.whyrank.tokenize.ChatWrapper;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A language model behind an OpenAI-compatible chat endpoint. It is not asked anything before the first request. */
final class RemoteModel {

    private static final Duration FIRST_WAIT = Duration.ofMillis(500);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(20);

    /** The endpoint has its own markup. */
    private static final ChatWrapper PLAIN = new ChatWrapper("", "");

    private static final int CHARACTERS_PER_TOKEN = 4;

    private RemoteModel() {}

    static LocalModel.Parts open(WhyrankProperties properties) {
        WhyrankProperties.Remote settings = properties.remote();
        ChatEndpoint endpoint = ChatEndpoint.named(properties.model(), settings.apiKey());
        PromptFormat explaining = explainFormat(properties);
        ChatClient client = new ChatClient(
                endpoint,
                new ChatPolicy(
                        settings.attempts(),
                        FIRST_WAIT,
                        LONGEST_WAIT,
                        settings.connectTimeout(),
                        settings.idleTimeout(),
                        settings.timeout(),
                        settings.concurrency(),
                        0));
        RemoteJudge judge = new RemoteJudge(
                client,
                new RemoteJudge.Asking(explaining, CheckpointModel.labelFormat(explaining, PLAIN), properties.system()),
                settings.concurrency(),
                settings.documentCharacters());
        int tokens = settings.documentCharacters() / CHARACTERS_PER_TOKEN;
        return new LocalModel.Parts(
                endpoint.model(),
                List.of(properties.model()),
                judge,
                Optional.empty(),
                Optional.empty(),
                new LocalModel.Capacity(settings.concurrency(), tokens),
                client::close);
    }

    private static PromptFormat explainFormat(WhyrankProperties properties) {
        return switch (properties.format()) {
            case "auto", "interank-base" -> PromptFormat.interankBase(PLAIN);
            case "interank" -> PromptFormat.interankExplain(PLAIN);
            case "generic" -> GenericFormat.of(properties.generic(), PLAIN);
            default ->
                throw new InvalidInputException("whyrank.format '" + properties.format()
                        + "' cannot be asked of a remote chat model: use auto, interank, interank-base or generic");
        };
    }
}
