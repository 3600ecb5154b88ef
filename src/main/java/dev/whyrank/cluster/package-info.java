/**
 * The same reranker over Redis Streams: the gateway's side and the worker's side.
 *
 * <p>{@link dev.whyrank.cluster.RedisLink} is the one place that connects. It owns one thread that looks after the
 * connection and Lettuce's four; nothing else here knows whether Redis is there except by asking it. Lettuce is used
 * without Spring Data: that would bring repositories, health and connections of its own, and a service without a
 * cluster must have none of them.
 *
 * <p>All keys of a deployment have one hash tag, made by {@link dev.whyrank.cluster.Keys}.
 */
@org.jspecify.annotations.NullMarked
package dev.whyrank.cluster;
