package dev.whyrank.checkpoint;

import dev.whyrank.tokenize.ChatWrapper;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What an operator may choose about a checkpoint.
 *
 * @param adapter the folder of a LoRA adapter to merge, or null
 * @param system the system text of every prompt, or null for what the chat template says by itself
 * @param thinking whether a model that can think in a block of its own before it answers does so; false suits a
 *     reranker, whose explanation is the thinking
 * @param chat the text around the user's words, or null to find it from the chat template
 */
public record CheckpointOptions(
        @Nullable Path adapter,
        @Nullable String system,
        boolean thinking,
        @Nullable ChatWrapper chat) {

    /** No adapter, and the wrapper that the chat template implies. */
    public static final CheckpointOptions DEFAULT = new CheckpointOptions(null, null, false, null);

    /** The same with an adapter, or without one. */
    public CheckpointOptions withAdapter(@Nullable Path folder) {
        return new CheckpointOptions(folder, system, thinking, chat);
    }
}
