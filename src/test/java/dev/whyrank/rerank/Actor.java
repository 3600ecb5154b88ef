package dev.whyrank.rerank;

import dev.whyrank.model.Sampling;
import dev.whyrank.model.ScriptedModel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Function;

/**
 * Plays a model that reads its prompt: a document says what it deserves, as in {@code grade=2}, and the answer follows
 * from the prompt alone.
 */
final class Actor implements ScriptedModel.Script {

    private final Function<String, String> answer;

    Actor() {
        this(Actor::answer);
    }

    /** Answers a whole prompt, special tokens spelled. */
    Actor(Function<String, String> answer) {
        this.answer = answer;
    }

    static int grade(String prompt) {
        int at = prompt.lastIndexOf("grade=");
        return at < 0 ? 0 : prompt.charAt(at + "grade=".length()) - '0';
    }

    static String explanation(int grade) {
        return "Größe " + grade + " 😀 fits relevance, somewhat";
    }

    private static String answer(String prompt) {
        int grade = grade(prompt);
        return explanation(grade) + "\n\nRelevance Label: " + grade + " ##";
    }

    @Override
    public int next(int[] history, Sampling sampling) {
        int start = start(history);
        byte[] said =
                answer.apply(ByteCodec.text(Arrays.copyOf(history, start), 0)).getBytes(StandardCharsets.UTF_8);
        int position = history.length - start;
        return position < said.length ? said[position] & 0xFF : ByteCodec.END;
    }

    @Override
    public float[] labels(int[] history) {
        int grade = grade(ByteCodec.text(history, 0));
        float[] labels = {-2f, -2f, -2f};
        labels[grade] = -0.5f;
        return labels;
    }

    private static int start(int[] history) {
        for (int i = history.length - 1; i >= 0; i--) {
            if (history[i] == ByteCodec.ASSISTANT) {
                return i + 1;
            }
        }
        return history.length;
    }
}
