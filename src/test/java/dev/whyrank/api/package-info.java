/** Claims about the HTTP contract, over real sockets and a reranker that enforces its own. */
@org.jspecify.annotations.NullMarked
package dev.whyrank.api;
