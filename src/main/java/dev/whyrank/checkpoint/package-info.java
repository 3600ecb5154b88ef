/**
 * Model files: what a folder must hold to be served, and how its numbers are read.
 *
 * <p>A model folder is hostile until it has been checked. Every size, offset and name that a file states is compared
 * with the file itself before anything is allocated by it, so that a truncated or forged file is one line that names
 * file and tensor, and never an {@code OutOfMemoryError}. Checks happen once, in {@link
 * dev.whyrank.checkpoint.Checkpoint#open} and {@link dev.whyrank.checkpoint.RewardCheckpoint#open}; what comes after may
 * rely on them.
 *
 * <p>Tensors are mapped, not read: the operating system holds the pages, and a float32 tensor is handed out without a
 * copy. The mappings live until the last reference to {@link dev.whyrank.model.Weights} is gone, so a model that has
 * been loaded should let go of them. A file must not be truncated while it is mapped.
 *
 * <p>{@link dev.whyrank.model.Weights} has one reusable buffer and belongs to one thread, the one that loads the model;
 * everything else here is immutable or used once. {@link dev.whyrank.checkpoint.HubDownload} is used by the command line
 * and at start-up only.
 */
@org.jspecify.annotations.NullMarked
package dev.whyrank.checkpoint;
