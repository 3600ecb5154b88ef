package dev.whyrank.train.paid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whyrank.model.InvalidInputException;
import dev.whyrank.rerank.remote.ChatClient;
import dev.whyrank.rerank.remote.ChatEndpoint;
import dev.whyrank.rerank.remote.ChatPolicy;
import dev.whyrank.rerank.remote.ChatRequest.Message;
import dev.whyrank.rerank.remote.FakeChat;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PaidChatTest {

    @TempDir
    private Path folder;

    @Test
    void anAnswerThatCannotBeKeptEndsTheAsking() {
        Duration patient = Duration.ofSeconds(20);
        // A full disk is hard to come by; a journal that is closed fails in the same place.
        PaidAnswers paid = PaidAnswers.open(folder.resolve("answers.jsonl"));
        paid.close();
        try (FakeChat fake = new FakeChat(FakeChat::answerWell)) {
            ChatEndpoint endpoint = ChatEndpoint.of(fake.url(), "model", "key");
            ChatPolicy policy = new ChatPolicy(2, Duration.ofMillis(10), patient, patient, patient, patient, 1, 0);
            try (ChatClient client = new ChatClient(endpoint, policy)) {
                PaidChat chat = new PaidChat(client, paid, 1, AskingListener.NONE);
                for (int i = 0; i < 20; i++) {
                    chat.ask(PaidQuestion.of(endpoint, List.of(Message.user("question " + i)), List.of(), 9));
                }
                assertThatThrownBy(chat::await)
                        .isInstanceOf(InvalidInputException.class)
                        .hasMessageContaining("answers.jsonl: an answer cannot be written");
                assertThat(fake.asked()).hasSize(1);
            }
        }
    }
}
