/**
 * The same reranker over Redis Streams: the gateway's side and the worker's side.
 *
 * <p>{@link dev.whyrank.cluster.RedisLink} is the one place that connects. It owns one thread that looks after the
 * connection and Lettuce's four; nothing else here knows whether Redis is there except by asking it. Lettuce is used
 * without Spring Data: that would bring repositories, health and connections of its own, and a service without a
 * cluster must have none of them.
 *
 * <p>{@link dev.whyrank.cluster.ClusterGateway} adds a request's documents as tasks of up to eight and hears their
 * results; {@link dev.whyrank.cluster.ClusterJudge} makes that one more {@link dev.whyrank.rerank.Judge}, so admission,
 * order, cascade and deadlines are those of every judge. What is heard goes through the request's mailbox, where {@code
 * DocumentMerge} makes one story of however many runs. {@link dev.whyrank.cluster.ClusterWorker} pulls a task when it has
 * slots for it and drives the judge of its own process. Each side owns one thread that waits for Redis and one that
 * looks after what it holds; whatever else happens is a completed command on Lettuce's threads, which only hands on.
 *
 * <p>Streams and not lists, because a consumer group knows who has what and for how long it was not heard of, by Redis's
 * clock: no process compares its own with another's. Whatever Redis forgets, the gateway remembers and adds again. An
 * entry that is there is wanted; taking a task back deletes it, and a worker that renews it finds out. All that must
 * happen as one is in {@code Scripts}, and harmless when it happens twice.
 *
 * <p>All keys of a deployment have one hash tag, made by {@link dev.whyrank.cluster.Keys}.
 */
@org.jspecify.annotations.NullMarked
package dev.whyrank.cluster;
