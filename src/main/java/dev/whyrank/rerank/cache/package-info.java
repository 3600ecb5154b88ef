/**
 * Judgements that need not be made twice.
 *
 * <p>{@link dev.whyrank.rerank.cache.CachingJudge} stands before a {@link dev.whyrank.rerank.Judge} and judges what it
 * has judged before without asking it. Only what depends on one document alone is kept: fusion with first-stage scores,
 * the cascade and the ranking are computed anew around it. Everything but the look-up itself happens in the request's
 * mailbox, so a reused judgement is told like any other: started, explained, judged.
 *
 * <p>A key is a SHA-256 digest of all that a judgement depends on: the model and how it is asked ({@code identity}), the
 * query, the instruction, the limits and the document's text. No text can be read from it. A {@link
 * dev.whyrank.rerank.cache.ResultStore} may forget at any time and never throws: without one the service is only slower.
 */
@org.jspecify.annotations.NullMarked
package dev.whyrank.rerank.cache;
