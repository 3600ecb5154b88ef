/** The root wires the house and starts it; it decides nothing itself. */
@org.jspecify.annotations.NullMarked
package dev.whyrank;
