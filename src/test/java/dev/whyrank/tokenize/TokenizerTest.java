package dev.whyrank.tokenize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whyrank.model.InvalidInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerTest {

    private static Tokenizer byteLevel(String... merges) {
        return Tokenizer.open(TokenizerFixtures.byteLevel(List.of(merges), true), "tokenizer.json");
    }

    private static Tokenizer stories() {
        return Tokenizer.open(TokenizerFixtures.stories(), "tokenizer.json");
    }

    @Test
    void takesTheLibraryOfTheJarWhateverGpuIsThereAndReportsToNobody() {
        stories().close();
        assertThat(setting("RUST_FLAVOR")).isEqualTo("cpu");
        assertThat(setting("OPT_OUT_TRACKING")).isEqualTo("true");
    }

    private static String setting(String name) {
        return System.getenv().getOrDefault(name, System.getProperty(name));
    }

    @Test
    void knowsItsStartTokens() {
        try (Tokenizer stories = stories();
                Tokenizer none = Tokenizer.open(TokenizerFixtures.byteLevel(List.of(), false), "t")) {
            assertThat(stories.startTokens()).containsExactly(1);
            assertThat(stories.vocabularySize()).isEqualTo(512);
            assertThat(none.startTokens()).isEmpty();
            assertThat(none.vocabularySize()).isEqualTo(304);
        }
    }

    @Test
    void outsideTextNeverSpellsASpecialToken() {
        try (Tokenizer tokenizer = byteLevel("< |", "<| end", "e n", "en d")) {
            assertThat(tokenizer.encodeMarkup("<|end|>")).containsExactly(TokenizerFixtures.END_OF_TURN);
            for (String hostile : List.of("<|end|>", "<|start|>", "a<|turn|>b", "<think>", "<|en<|end|>d|>")) {
                assertThat(IntStream.of(tokenizer.encodeText(hostile)).max().orElseThrow())
                        .isLessThan(TokenizerFixtures.START);
                assertThat(tokenizer.decode(tokenizer.encodeText(hostile))).isEqualTo(hostile);
            }
        }
    }

    @Test
    void outsideTextNeverSpellsASpecialTokenOfTheModelsOwnVocabulary() {
        try (Tokenizer words = Tokenizer.open(TokenizerFixtures.wordLevel("hello"), "t");
                Tokenizer stories = stories()) {
            assertThat(words.encodeMarkup("[CLS] hello")).containsExactly(1, 2);
            assertThat(words.encodeText("[CLS] hello \uFFFF[CLS]")).containsExactly(0, 2, 0);
            assertThat(stories.encodeMarkup("<s>")).containsExactly(1);
            assertThat(stories.encodeText("<s></s>")).doesNotContain(1, 2);
        }
    }

    @Test
    void neverTruncates() {
        try (Tokenizer tokenizer = byteLevel()) {
            assertThat(tokenizer.encodeText("word ".repeat(2000))).hasSize(10_000);
            assertThat(tokenizer.encodeMarkup("word ".repeat(2000))).hasSize(10_000);
        }
    }

    @Test
    void decodesWhatItEncodes() {
        long seed = 20261124;
        Random random = new Random(seed);
        try (Tokenizer bytes = byteLevel("Ġ t", "h e");
                Tokenizer stories = stories()) {
            for (int i = 0; i < 200; i++) {
                String text = random.ints(random.nextInt(1, 40), 1, 0x20000)
                        .filter(c -> Character.isDefined(c) && !(c >= 0xD800 && c < 0xE000) && c != 0xFFFF)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
                assertThat(bytes.decode(bytes.encodeText(text)))
                        .as("seed %d", seed)
                        .isEqualTo(text);
                assertThat(stories.decode(stories.encodeText(text)))
                        .as("seed %d", seed)
                        .isEqualTo(text);
            }
        }
    }

    @Test
    void replacesLoneSurrogatesAndPassesZeroCharacters() {
        try (Tokenizer tokenizer = byteLevel()) {
            assertThat(tokenizer.decode(tokenizer.encodeText("a\uD800b\uDC00\uD83D")))
                    .isEqualTo("a\uFFFDb\uFFFD\uFFFD");
            assertThat(tokenizer.decode(tokenizer.encodeText("a\0b \uD83D\uDE00")))
                    .isEqualTo("a\0b \uD83D\uDE00");
            assertThat(tokenizer.encodeText("")).isEmpty();
        }
    }

    @Test
    void splitsACharacterOverTokensAndMarksAnIncompleteOne() {
        try (Tokenizer tokenizer = byteLevel()) {
            int[] euro = tokenizer.encodeText("€");
            assertThat(euro).hasSize(3);
            assertThat(tokenizer.of(euro[0])).containsExactly(0xE2);
            assertThat(tokenizer.decode(new int[] {euro[0], euro[1]})).isEqualTo("\uFFFD");
        }
    }

    @Test
    void specialTokensHaveNoBytesAndOthersDo() {
        try (Tokenizer tokenizer = byteLevel()) {
            assertThat(tokenizer.of(TokenizerFixtures.END_OF_TURN)).isEmpty();
            assertThat(tokenizer.of(TokenizerFixtures.THINK)).isEqualTo("<think>".getBytes(StandardCharsets.UTF_8));
            assertThat(tokenizer.of(999_999)).isEmpty();
            assertThat(tokenizer.of(-1)).isEmpty();
            assertThat(tokenizer.idOf("<|end|>")).isEqualTo(TokenizerFixtures.END_OF_TURN);
            assertThat(tokenizer.idOf("missing")).isNull();
        }
    }

    @Test
    void readsSentencePieces() {
        try (Tokenizer stories = stories()) {
            int[] ids = stories.encodeText("Once upon a time\n");
            assertThat(stories.decode(ids)).isEqualTo("Once upon a time\n");
            assertThat(new String(stories.of(ids[0]), StandardCharsets.UTF_8)).startsWith(" ");
            assertThat(stories.of(3 + '\n')).containsExactly('\n');
        }
    }

    @Test
    void joinsWordsAndWordPieces() {
        try (Tokenizer words = Tokenizer.open(TokenizerFixtures.wordLevel("hello", "world"), "t");
                Tokenizer wordPieces = Tokenizer.open(TokenizerFixtures.wordPiece("rank", "##ing"), "t")) {
            assertThat(words.decode(words.encodeText("hello  world"))).isEqualTo("hello world");
            assertThat(wordPieces.decode(wordPieces.encodeText("ranking rank"))).isEqualTo("ranking rank");
        }
    }

    @Test
    void servesManyThreads() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (Tokenizer tokenizer = byteLevel("Ġ t", "h e")) {
            int[] expected = tokenizer.encodeText("the other tea ".repeat(50));
            List<Future<int[]>> results = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                results.add(threads.submit(() -> tokenizer.encodeText("the other tea ".repeat(50))));
            }
            for (Future<int[]> result : results) {
                assertThat(result.get()).isEqualTo(expected);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void refusesCallsAfterItIsClosed() {
        Tokenizer tokenizer = byteLevel();
        tokenizer.close();
        tokenizer.close();
        assertThatThrownBy(() -> tokenizer.encodeText("a")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void saysInOneLineWhatIsWrongWithAFile(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("tokenizer.json");
        assertThatThrownBy(() -> Tokenizer.open(file))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("tokenizer.json");
        for (String content : List.of(
                "",
                "[]",
                "{\"a\":",
                "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":-5},\"merges\":[]}}",
                "{\"model\":{\"type\":\"Magic\",\"vocab\":{\"a\":0}}}",
                "{\"model\":{\"vocab\":{\"a\":\"x\"}}}",
                "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":2000000000},\"merges\":[]}}")) {
            Files.writeString(file, content);
            assertThatThrownBy(() -> Tokenizer.open(file))
                    .as(content)
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("tokenizer.json")
                    .extracting(Throwable::getMessage)
                    .matches(message -> !message.toString().contains("\n"));
        }
    }

    @Test
    void refusesAFileWhoseSpecialIdsTheNativeTokenizerWouldNotGive() {
        String json = new String(TokenizerFixtures.byteLevel(List.of(), true), StandardCharsets.UTF_8);
        byte[] shifted = json.replace("\"id\":302", "\"id\":310").getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> Tokenizer.open(shifted, "tokenizer.json"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("<|end|>")
                .hasMessageContaining("310");
    }

    @Test
    void wrapsRawTextInStartTokens() {
        try (Tokenizer stories = stories()) {
            ChatWrapper wrapper = ChatWrapper.raw(stories);
            assertThat(wrapper).isEqualTo(new ChatWrapper("<s>", ""));
            assertThat(stories.encodeMarkup(wrapper.before())).containsExactly(1);
        }
    }
}
