package dev.whyrank.train.laboratory;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** The invented places of the laboratory. Always the same, because each is a token of its tokenizer. */
final class Names {

    private static final int COUNT = 300;
    private static final String[] ONSETS = {
        "B", "D", "F", "G", "H", "J", "K", "L", "M", "N", "P", "R", "S", "T", "V", "Z"
    };
    private static final String[] VOWELS = {"a", "e", "i", "o", "u"};
    private static final String[] MIDDLES = {"l", "m", "n", "r", "s", "v", "d", "k"};
    private static final String[] ENDS = {"o", "a", "en", "is", "um", "ek", "or", "il"};

    /** All of them. */
    static final List<String> ALL = invent();

    private Names() {}

    private static List<String> invent() {
        SplittableRandom random = new SplittableRandom(1);
        List<String> names = new ArrayList<>();
        while (names.size() < COUNT) {
            String name = pick(ONSETS, random) + pick(VOWELS, random) + pick(MIDDLES, random) + pick(ENDS, random);
            if (!names.contains(name)) {
                names.add(name);
            }
        }
        return List.copyOf(names);
    }

    private static String pick(String[] parts, SplittableRandom random) {
        return parts[random.nextInt(parts.length)];
    }
}
