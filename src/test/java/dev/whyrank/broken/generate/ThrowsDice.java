package dev.whyrank.broken.generate;

import java.util.Random;

/** Breaks: chance is no argument. */
class ThrowsDice {

    int roll(Random random) {
        return random.nextInt(6);
    }
}
