package dev.whyrank.generate;

/**
 * One sequence to generate.
 *
 * @param prompt token ids, at least one, the shared prefix included
 * @param maxNewTokens most tokens to generate, forced ones not counted; 0 generates none: {@code forced}, which may be
 *     empty then, is appended to the prompt itself and one row of label probabilities is read
 * @param forced tokens appended when the sequence ends without having stopped by itself (token limit, or concluded);
 *     after the last of them one row of label probabilities is read and the sequence is finished; empty for none
 * @param sampling how tokens are chosen
 * @param stop what ends the sequence
 * @param listener told everything that happens, on the engine's thread: it must return at once and never block
 */
public record SequenceRequest(
        int[] prompt,
        int maxNewTokens,
        int[] forced,
        SamplingPolicy sampling,
        StopRule stop,
        SequenceListener listener) {}
