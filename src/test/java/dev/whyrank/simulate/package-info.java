/** Claims about simulations: against themselves, against theory, and against the engine that they stand for. */
@org.jspecify.annotations.NullMarked
package dev.whyrank.simulate;
