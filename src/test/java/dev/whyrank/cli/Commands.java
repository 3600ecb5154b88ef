package dev.whyrank.cli;

import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Runs commands as the process would, and keeps what they print. */
final class Commands {

    private static final RerankerFactory NONE = model -> {
        throw new AssertionError("this command is not to rerank");
    };

    final StringWriter out = new StringWriter();
    final StringWriter err = new StringWriter();

    int run(Map<String, String> environment, String... args) {
        return run(environment, NONE, "", args);
    }

    int run(Map<String, String> environment, RerankerFactory rerankers, String input, String... args) {
        var in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
        return WhyrankCli.run(
                WhyrankCli.command(environment, rerankers, in)
                        .setOut(new PrintWriter(out, true))
                        .setErr(new PrintWriter(err, true)),
                args);
    }
}
