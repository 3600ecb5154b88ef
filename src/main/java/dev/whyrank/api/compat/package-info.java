/**
 * Other services' shapes, so that their clients need only a new base URL: Cohere v2, text-embeddings-inference, Jina and
 * vLLM rerankers, vLLM's score, OpenAI's model list, KServe's and SageMaker's health paths.
 *
 * <p>These shapes have no place for an explanation, so these paths never ask for one, which also makes them fast. Errors
 * have the shape that the path's clients parse. Everything else, from limits to admission, is the one of {@code api};
 * nothing here runs on a thread of its own.
 */
@org.jspecify.annotations.NullMarked
package dev.whyrank.api.compat;
