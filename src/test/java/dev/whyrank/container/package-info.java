/**
 * The image, run by a real engine with what a cluster demands: a read-only root, no capabilities, a memory limit. The
 * image is built beforehand and named by the variable {@code CONTAINER_IMAGE}; without it the tests are skipped, except
 * in CI. Containers share the host's network, so that no engine needs a bridge.
 */
@org.jspecify.annotations.NullMarked
package dev.whyrank.container;
