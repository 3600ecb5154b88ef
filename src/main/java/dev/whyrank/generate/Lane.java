package dev.whyrank.generate;

/** One kind of work on the engine's thread. The engine gives each lane a turn after the other. */
interface Lane extends AutoCloseable {

    /** Whether there is nothing to do. */
    boolean isIdle();

    /** Does one piece of work, if there is any. */
    void turn();

    /** How many pieces of work have failed since the last that did not; may be asked from any thread. */
    int failuresInARow();

    /** Ends everything that was accepted with a failure and starts afresh. */
    void failAll(RuntimeException cause);

    /** Closes the model; nothing is called afterwards. */
    @Override
    void close();
}
