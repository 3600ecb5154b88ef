package dev.whyrank.cli;

import dev.whyrank.generate.EngineListener;
import dev.whyrank.generate.GenerationEngine;
import java.util.Map;

/** Starts the service inside this process, for the command that measures it. */
public interface ServiceFactory {

    /**
     * Starts it on a free port of the loopback interface.
     *
     * @param settings the service's, by their names; the environment's hold for the rest
     * @param listener told what its engine does, besides the meters
     * @throws dev.whyrank.model.InvalidInputException if a setting cannot be used
     */
    Service start(Map<String, String> settings, EngineListener listener);

    /** A running service. */
    interface Service extends AutoCloseable {

        int port();

        /** The engine that its requests run on. */
        GenerationEngine engine();

        @Override
        void close();
    }
}
