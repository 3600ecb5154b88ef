package dev.whyrank.rerank;

/** What explanations are made of. */
public enum ExplanationKind {
    /** Written step by step by a language model before it labels. */
    REASONING,
    /** Quoted from the document by rules; nothing is reasoned. */
    EVIDENCE
}
