package dev.whyrank.generate;

/** The engine was closed, or its thread has died: it will never take or finish anything again. */
public final class EngineClosedException extends RuntimeException {

    EngineClosedException() {
        super("the engine is closed");
    }
}
