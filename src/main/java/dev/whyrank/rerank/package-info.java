/**
 * One rerank request's life, from admission to the ranking. Knows no HTTP and no tensors.
 *
 * <p>A {@link dev.whyrank.rerank.Reranker} is shared by all threads. {@code Admission} decides on the caller's thread,
 * before any work. Everything after that belongs to one request's {@code Mailbox}: a queue of work on a shared pool of
 * workers that runs one piece at a time, in order. Prompts are tokenised there, answers parsed, events told; the
 * engine's thread and the timer only drop work into it. So a request's state needs no lock, its events cannot overtake
 * each other, and neither a slow listener nor a long document holds up the engine. Two things reach around the mailbox
 * on purpose: a cancellation, which must free slots at once, and permits, which are counted over all requests.
 *
 * <p>{@code RequestRun} owns a request and keeps the promises of {@code Reranker.rerank}; a {@link
 * dev.whyrank.rerank.Judge} judges its documents and promises one end for each. Permits are released where the last
 * document's terminal event is made, and nowhere else. Listeners are called in the mailbox and must return at once: one
 * that blocks keeps a worker from all requests.
 *
 * <p>A {@link dev.whyrank.rerank.QueryWriter} asks the same model for search queries. Its {@code QueryRun} is admitted,
 * drained and closed like a {@code RequestRun}, and has a mailbox of the same kind.
 *
 * <p>What decides is pure: {@code PromptFormat}, {@code PromptTokens} and {@code QueryPrompt} make prompts, {@code
 * JudgementParser} reads answers, {@code Scoring} and {@code Ranking} order documents.
 */
@org.jspecify.annotations.NullMarked
package dev.whyrank.rerank;
