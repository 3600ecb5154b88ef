package dev.whyrank.generate;

import dev.whyrank.model.Step;
import java.util.List;
import java.util.Optional;

/**
 * What the scheduler decided.
 *
 * @param events what the decision itself caused: sequences that got a slot, were cancelled or concluded
 * @param step the pass to run, or empty when there is nothing to compute
 * @param decodeTokens how many of the step's tokens continue a sequence that is generating; the rest are prompt and
 *     forced tokens
 */
public record Plan(List<SequenceEvent> events, Optional<Step> step, int decodeTokens) {}
