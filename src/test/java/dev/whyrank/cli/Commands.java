package dev.whyrank.cli;

import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Runs commands as the process would, and keeps what they print. */
public final class Commands {

    private static final RerankerFactory NONE = model -> {
        throw new AssertionError("this command is not to rerank");
    };
    private static final ServiceFactory NO_SERVICE = (settings, listener) -> {
        throw new AssertionError("this command is not to serve");
    };

    public final StringWriter out = new StringWriter();
    public final StringWriter err = new StringWriter();

    int run(Map<String, String> environment, String... args) {
        return run(environment, NONE, "", args);
    }

    /** Runs a command that needs nothing from outside. */
    public int run(String... args) {
        return run(Map.of(), args);
    }

    /** Runs a command that may start a service. */
    public int run(ServiceFactory services, String... args) {
        return run(Map.of(), NONE, services, "", args);
    }

    /** Runs a command that may rerank. */
    public int run(RerankerFactory rerankers, String... args) {
        return run(Map.of(), rerankers, "", args);
    }

    int run(Map<String, String> environment, RerankerFactory rerankers, String input, String... args) {
        return run(environment, rerankers, NO_SERVICE, input, args);
    }

    private int run(
            Map<String, String> environment,
            RerankerFactory rerankers,
            ServiceFactory services,
            String input,
            String... args) {
        var in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
        return WhyrankCli.run(
                WhyrankCli.command(environment, rerankers, services, in)
                        .setOut(new PrintWriter(out, true))
                        .setErr(new PrintWriter(err, true)),
                args);
    }
}
