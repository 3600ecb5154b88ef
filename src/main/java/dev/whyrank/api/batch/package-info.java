/**
 * Batches over HTTP: a file of requests in, a file of answers out, hours later if need be.
 *
 * <p>{@link dev.whyrank.batch.BatchRunner} does the work; here lines are checked, named and answered. A batch is kept in
 * this process, or wherever a {@link dev.whyrank.batch.BatchStore} of the application keeps it. Its calls may wait, so
 * they are made on Reactor's threads for that. A batch is there for the API key that made it, and for nobody else.
 */
@org.jspecify.annotations.NullMarked
package dev.whyrank.api.batch;
