package dev.whyrank.rerank.remote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.rerank.remote.ChatChunk.Token;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TokenAlignerTest {

    private final TokenAligner aligner = new TokenAligner();

    private static ChatChunk chunk(String text, String... tokens) {
        List<Token> told = Stream.of(tokens)
                .map(token -> new Token(token.getBytes(StandardCharsets.UTF_8), Map.of(token, -0.5)))
                .toList();
        return new ChatChunk(text, told, false, null, null);
    }

    /** Pieces as text; those with alternatives in brackets. */
    private static List<String> shown(List<TokenAligner.Piece> pieces) {
        List<String> shown = new ArrayList<>();
        pieces.forEach(piece -> {
            String text = new String(piece.bytes(), StandardCharsets.UTF_8);
            shown.add(piece.alternatives().isEmpty() ? text : "[" + text + "]");
        });
        return shown;
    }

    @Test
    void cutsTextIntoItsTokens() {
        assertThat(shown(aligner.accept(chunk("Label: 2", "Label", ":", " 2"))))
                .containsExactly("[Label]", "[:]", "[ 2]");
    }

    @Test
    void textMayLagBehindItsTokens() {
        assertThat(shown(aligner.accept(chunk("", "Label")))).isEmpty();
        assertThat(shown(aligner.accept(chunk("Label:", ":")))).containsExactly("[Label]", "[:]");
        assertThat(shown(aligner.accept(chunk(" ", " 2")))).isEmpty();
        assertThat(shown(aligner.accept(chunk("2", " ##")))).containsExactly("[ 2]");
        assertThat(shown(aligner.end())).isEmpty();
    }

    @Test
    void givesWhatItHoldsAtTheEnd() {
        assertThat(shown(aligner.accept(chunk(" ", " 2")))).isEmpty();
        assertThat(shown(aligner.end())).containsExactly(" ");
    }

    @Test
    void aCharacterMayBeDividedBetweenTokens() {
        byte[] umlaut = "ü".getBytes(StandardCharsets.UTF_8);
        List<Token> halves = List.of(
                new Token(new byte[] {umlaut[0]}, Map.of("a", -1.0)),
                new Token(new byte[] {umlaut[1]}, Map.of("b", -1.0)));
        List<TokenAligner.Piece> pieces = aligner.accept(new ChatChunk("ü", halves, false, null, null));
        assertThat(pieces).hasSize(2);
        assertThat(pieces.get(1).bytes()).containsExactly(umlaut[1]);
    }

    @Test
    void textCountsWhereTokensSayOtherwise() {
        assertThat(shown(aligner.accept(chunk("Label: 2", "<think>", "Label")))).containsExactly("Label: 2");
        assertThat(shown(aligner.accept(chunk(" ##", " ##")))).containsExactly(" ##");
        assertThat(shown(aligner.accept(chunk("no tokens")))).containsExactly("no tokens");
    }

    @Test
    void aTokenWithoutBytesIsNoPiece() {
        assertThat(shown(aligner.accept(chunk("Label:", "", "Label", "", ":")))).containsExactly("[Label]", "[:]");
    }

    @Test
    void whatIsHeldFollowsWhatIsGiven() {
        assertThat(shown(aligner.accept(chunk("Label: ", "Label:", " 2 and more"))))
                .containsExactly("[Label:]");
        assertThat(shown(aligner.accept(chunk("2 and more")))).containsExactly("[ 2 and more]");
    }
}
