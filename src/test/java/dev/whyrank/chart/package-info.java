/**
 * The Helm chart: rendered by Helm itself, then read by Kubernetes' models in the place of a cluster. Fabric8's tell a
 * field that no kind has, Kubernetes' own Java client tells one that is missing or of the wrong type, and schemas of
 * ours do both for the Prometheus operator's kinds.
 *
 * <p>Golden files are for reviews: a change of the chart shows as a change of what it renders. They and the table of
 * values are written anew by {@code -Dgolden.write=true}.
 */
@org.jspecify.annotations.NullMarked
package dev.whyrank.chart;
