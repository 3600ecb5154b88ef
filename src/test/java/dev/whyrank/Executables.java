package dev.whyrank;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Programs of the machine that tests use. */
final class Executables {

    private Executables() {}

    /** Skips the calling test where a program is missing, except in CI, where it then fails. */
    static Path require(String path) {
        Path executable = Path.of(path);
        boolean ci = "true".equals(System.getenv("CI"));
        assumeTrue(ci || Files.isExecutable(executable), executable + " is missing: install its package");
        return executable;
    }

    /** Runs a program to its end in a folder. Returns its exit status and all that it printed. */
    static Result run(Path folder, Path program, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), output);
    }

    record Result(int status, String output) {}
}
