package dev.whyrank.tokenize;

import dev.whyrank.model.InvalidInputException;
import java.util.Arrays;
import java.util.List;

/**
 * How a model spells its labels. Which token carries a label depends on the tokenizer: {@code Label: 0} may end in one
 * token for space and digit, or in a lone space and then a digit.
 *
 * @param forced tokens to append after what the model wrote, so that its next token is a label
 * @param ids for each label, in order, the token that is the label
 */
public record LabelCodes(int[] forced, int[] ids) {

    /** A word that an explanation may end with; what follows must not merge into it. */
    public static final String EXPLANATION = "The document is relevant";

    /**
     * Finds the codes by tokenising everything in place, special tokens recognised.
     *
     * @param written what the model may have written before, such as {@link #EXPLANATION}; may be empty
     * @param demand what asks for the label, such as <code>\n\nRelevance Label: </code>
     * @param labels at least two
     * @throws InvalidInputException if a label takes several tokens or two labels share theirs
     */
    public static LabelCodes find(Tokenizer tokenizer, String written, String demand, List<String> labels) {
        int[] context = tokenizer.encodeMarkup(written);
        int[][] whole = labels.stream()
                .map(label -> tokenizer.encodeMarkup(written + demand + label))
                .toArray(int[][]::new);
        int common = whole[0].length;
        for (int[] tokens : whole) {
            int mismatch = Arrays.mismatch(whole[0], tokens);
            common = mismatch < 0 ? common : Math.min(common, mismatch);
        }
        for (int i = 0; i < whole.length; i++) {
            if (whole[i].length != common + 1) {
                throw new InvalidInputException("tokenizer.json: the label \"" + labels.get(i)
                        + "\" is not a single token of its own; choose a model whose tokenizer has one token for each");
            }
        }
        int[] ids = Arrays.stream(whole)
                .mapToInt(tokens -> tokens[tokens.length - 1])
                .toArray();
        if (Arrays.stream(ids).distinct().count() < ids.length) {
            throw new InvalidInputException("tokenizer.json: the labels " + labels
                    + " are not different tokens; choose a model whose tokenizer tells them apart");
        }
        return new LabelCodes(after(context, Arrays.copyOf(whole[0], common), demand), ids);
    }

    private static int[] after(int[] context, int[] prefix, String demand) {
        if (prefix.length < context.length || !Arrays.equals(context, 0, context.length, prefix, 0, context.length)) {
            throw new InvalidInputException("tokenizer.json: \"" + demand.strip()
                    + "\" merges with the words before it, so a label cannot be demanded from this model");
        }
        return Arrays.copyOfRange(prefix, context.length, prefix.length);
    }
}
