/**
 * Load on a running service from outside, over HTTP, as its callers put it there: requests arrive at a constant rate whether
 * or not earlier ones were answered, some clients read slowly, some leave.
 *
 * <p>A latency begins when a request was due, so a service that holds up its clients cannot hide it. One thread sends;
 * answers are read on the threads of the HTTP client, which share {@link dev.whyrank.load.Exchange}s with nobody else.
 */
@org.jspecify.annotations.NullMarked
package dev.whyrank.load;
