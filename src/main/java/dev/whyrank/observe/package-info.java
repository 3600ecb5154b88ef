/**
 * What the service tells about itself: meters, traces, a line for each request, GPUs, health.
 *
 * <p>Meters are told, they never ask: {@code EngineMeters} hears the engine on its one thread, {@code RerankMeters}
 * hears requests on whatever thread they are on, so both only count and return. Names are the HTTP contract's.
 * Histograms have fixed buckets, which can be summed over replicas; quantiles that a client computes cannot.
 * {@code RequestTrace} and {@code RequestLog} hear one request's events, in its mailbox.
 * The warm-up, which the service asks of itself before it listens, is counted as the request that it is.
 *
 * <p>{@code GpuSampler} owns the one thread here, and only on a machine whose {@code nvidia-smi} lists a GPU. No text of
 * a query, a document or an explanation passes through this package.
 */
@org.jspecify.annotations.NullMarked
package dev.whyrank.observe;
