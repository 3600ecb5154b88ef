/**
 * The boundary between what is decided and what is computed: a forward pass as plain data, and the few things a model
 * can be asked to do with it.
 *
 * <p>Nothing here knows tensors, threads, HTTP or files. The records are immutable by convention: arrays that they hold
 * are never changed after construction. A {@link dev.whyrank.model.LanguageModel} and a {@link
 * dev.whyrank.model.TextEncoder} are owned by exactly one thread, the engine's, which makes every call after loading.
 */
@org.jspecify.annotations.NullMarked
package dev.whyrank.model;
