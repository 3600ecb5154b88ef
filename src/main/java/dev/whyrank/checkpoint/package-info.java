/**
 * Files that hold weights, read as {@link dev.whyrank.model.Weights}.
 *
 * <p>Every file is taken for hostile: lengths, offsets and shapes are checked against the file before anything is
 * allocated or read, and a file that breaks them is an {@link dev.whyrank.model.InvalidInputException}. A reader is
 * owned by the thread that loads the model, which drops it once the weights are in.
 */
@org.jspecify.annotations.NullMarked
package dev.whyrank.checkpoint;
