/**
 * A little world in which the paper's claims can be tested, because the truth is known there: documents tell in plain
 * English who ships to whom, and whether cargo from one place reaches another takes several steps to find out.
 *
 * <p>The generator, its teacher and the checker of derivations are pure functions of a seed and of texts. The model is
 * a decoder like any other, trained by {@code dev.whyrank.train.tuning} and served by the same engine.
 */
@org.jspecify.annotations.NullMarked
package dev.whyrank.train.laboratory;
