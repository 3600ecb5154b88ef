package dev.whyrank.rerank;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** Answers made of everything that makes reading hard. */
final class AnswerText {

    private static final List<String> PIECES = List.of(
            "model\n",
            "model",
            "relevance",
            "Relevance Label:",
            "RELEVANCE \n\t label: ",
            "Label:",
            "relevant",
            "not relevant",
            "partially relevant",
            "irrelevant",
            " ##",
            "##",
            " #",
            " ",
            "\n",
            "\n\n",
            "0",
            "1",
            " 2",
            "10",
            "3",
            "word",
            "größe",
            "漢字",
            "😀",
            "é",
            "\u00a0",
            "\u2003",
            "ſ");

    private AnswerText() {}

    static byte[] random(Random random) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        int pieces = random.nextInt(14);
        for (int i = 0; i < pieces; i++) {
            if (random.nextInt(8) == 0) {
                byte[] noise = new byte[1 + random.nextInt(5)];
                random.nextBytes(noise);
                text.writeBytes(noise);
            } else if (random.nextInt(8) == 0) {
                int character = random.nextInt(0xD800) + 1;
                text.writeBytes(Character.toString(character).getBytes(StandardCharsets.UTF_8));
            } else {
                text.writeBytes(PIECES.get(random.nextInt(PIECES.size())).getBytes(StandardCharsets.UTF_8));
            }
        }
        return text.toByteArray();
    }
}
