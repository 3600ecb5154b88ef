package dev.whyrank.cluster;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.whyrank.rerank.ErrorCode;
import dev.whyrank.rerank.Judgement;
import java.util.List;

/** What a worker tells about a task; the names are those of {@link dev.whyrank.rerank.Judge.Listener}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
@JsonSubTypes({
    @JsonSubTypes.Type(value = TaskEvent.Begun.class, name = "begun"),
    @JsonSubTypes.Type(value = TaskEvent.Refused.class, name = "refused"),
    @JsonSubTypes.Type(value = TaskEvent.Started.class, name = "started"),
    @JsonSubTypes.Type(value = TaskEvent.Delta.class, name = "delta"),
    @JsonSubTypes.Type(value = TaskEvent.Judged.class, name = "judged"),
    @JsonSubTypes.Type(value = TaskEvent.Failed.class, name = "failed"),
    @JsonSubTypes.Type(value = TaskEvent.Withdrawn.class, name = "withdrawn")
})
sealed interface TaskEvent {

    /** About one document. */
    sealed interface OfDocument extends TaskEvent {

        int index();
    }

    /** Work on the task has begun. */
    record Begun(List<String> warnings) implements TaskEvent {}

    /** The request cannot be judged as a whole. */
    record Refused(ErrorCode code, String message) implements TaskEvent {}

    record Started(int index, int promptTokens, int cachedTokens, boolean truncated) implements OfDocument {}

    /** More of an explanation, {@code offset} characters of which came before. */
    record Delta(int index, int offset, String text) implements OfDocument {}

    record Judged(int index, Judgement judgement) implements OfDocument {}

    record Failed(int index, ErrorCode code, String message) implements OfDocument {}

    record Withdrawn(int index) implements OfDocument {}
}
