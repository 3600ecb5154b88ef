package dev.whyrank.generate;

import dev.whyrank.model.InvalidInputException;
import dev.whyrank.model.LanguageModel;
import java.util.Arrays;
import java.util.List;

/**
 * What a model's cache can hold; every request is checked against it before it is accepted, so that no accepted
 * sequence can break a step that it shares with others.
 *
 * @param slots number of slots
 * @param slotLength positions in each slot
 * @param vocabularySize token ids are in [0, vocabularySize)
 */
public record SequenceLimits(int slots, int slotLength, int vocabularySize) {

    public SequenceLimits {
        if (slots < 1 || slotLength < 1 || vocabularySize < 1) {
            throw new InvalidInputException("a model needs at least one slot, position and token, but has " + slots
                    + " slots, " + slotLength + " positions and " + vocabularySize + " tokens");
        }
    }

    /** The limits of a model. */
    public static SequenceLimits of(LanguageModel model) {
        return new SequenceLimits(model.slots(), model.slotLength(), model.vocabularySize());
    }

    /**
     * Checks a request.
     *
     * @throws InvalidInputException if a sequence cannot fit a slot or is not well formed
     */
    public void check(List<SequenceRequest> sequences, int sharedPrefix) {
        if (sequences.isEmpty()) {
            throw new InvalidInputException("a request needs at least one sequence");
        }
        int[] first = sequences.get(0).prompt();
        for (int i = 0; i < sequences.size(); i++) {
            SequenceRequest sequence = sequences.get(i);
            checkSequence(sequence, "sequence " + i);
            checkPrefix(first, sequence.prompt(), sharedPrefix, "sequence " + i);
        }
    }

    private void checkSequence(SequenceRequest sequence, String name) {
        int prompt = sequence.prompt().length;
        int limit = sequence.maxNewTokens();
        int forced = sequence.forced().length;
        if (prompt == 0) {
            throw new InvalidInputException(name + ": the prompt is empty; give at least one token");
        }
        if (limit < 0) {
            throw new InvalidInputException(name + ": maxNewTokens is " + limit + "; give 0 or more");
        }
        if ((long) prompt + limit + forced > slotLength) {
            throw new InvalidInputException(name + ": prompt (" + prompt + ") + new tokens (" + limit + ") + forced ("
                    + forced + ") exceed the slot length (" + slotLength + "); shorten one of them");
        }
        checkTokens(sequence.prompt(), name + ": the prompt");
        checkTokens(sequence.forced(), name + ": the forced continuation");
        checkRules(sequence, name);
    }

    private void checkTokens(int[] tokens, String name) {
        for (int token : tokens) {
            if (token < 0 || token >= vocabularySize) {
                throw new InvalidInputException(
                        name + " holds token " + token + ", but tokens are in [0, " + vocabularySize + ")");
            }
        }
    }

    private static void checkRules(SequenceRequest sequence, String name) {
        SamplingPolicy sampling = sequence.sampling();
        if (!(sampling.temperature() >= 0 && Float.isFinite(sampling.temperature()))) {
            throw new InvalidInputException(
                    name + ": temperature is " + sampling.temperature() + "; give a finite number >= 0");
        }
        if (!(sampling.topP() > 0 && sampling.topP() <= 1)) {
            throw new InvalidInputException(name + ": topP is " + sampling.topP() + "; give a number in (0, 1]");
        }
        if (sequence.stop().strings().contains("")) {
            throw new InvalidInputException(name + ": a stop string is empty; remove it");
        }
    }

    private static void checkPrefix(int[] first, int[] prompt, int sharedPrefix, String name) {
        if (sharedPrefix < 0 || sharedPrefix > prompt.length) {
            throw new InvalidInputException(
                    name + ": sharedPrefix is " + sharedPrefix + ", but the prompt has " + prompt.length + " tokens");
        }
        if (!Arrays.equals(first, 0, sharedPrefix, prompt, 0, sharedPrefix)) {
            throw new InvalidInputException(
                    name + ": the first " + sharedPrefix + " tokens differ from those of sequence 0");
        }
    }
}
