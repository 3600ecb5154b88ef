package dev.whyrank.generate;

/** Why a sequence ended. */
public enum FinishReason {
    /** A stop token or a stop string. */
    STOP,
    /** The token limit; the forced continuation, if there is one, was appended. */
    LENGTH,
    /** {@link GenerationTicket#conclude()}; the forced continuation, if there is one, was appended. */
    CONCLUDED,
    /** {@link GenerationTicket#cancel()}. */
    CANCELLED
}
