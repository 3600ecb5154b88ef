package dev.whyrank.generate;

/** The handle of a submitted request; safe from any thread, honoured by the next step, harmless after the end. */
public interface GenerationTicket {

    /** Ends every sequence of the request now, waiting or running, as {@link FinishReason#CANCELLED}. */
    void cancel();

    /**
     * Ends one sequence now.
     *
     * @param index its place in the submitted list
     */
    void cancel(int index);

    /**
     * Stops generating: running sequences append their forced continuation and end as {@link FinishReason#CONCLUDED},
     * waiting ones end as {@link FinishReason#CANCELLED}.
     */
    void conclude();
}
