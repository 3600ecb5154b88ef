/**
 * Proves a ranking: collections, a first stage, runs, judgements, measures, significance, charts.
 *
 * <p>Nothing here judges a document; a {@link dev.whyrank.rerank.Reranker} is given, the same that serves. The caller's
 * thread owns everything: it reads collections, submits queries, writes the journal and the report. The reranker's
 * threads only hand finished queries over to it, so no state is shared. Measures, significance and text statistics are
 * pure functions of rankings and judgements, apart from all reading and writing, so that they can be held to
 * independent computations. Chance comes from the evaluation's seed alone.
 *
 * <p>Files of others are believed line by line: what cannot be read stops with file, line and reason rather than
 * shifting a mean unnoticed.
 */
@org.jspecify.annotations.NullMarked
package dev.whyrank.evaluate;
