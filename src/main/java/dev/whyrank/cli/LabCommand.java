package dev.whyrank.cli;

import dev.whyrank.train.laboratory.LaboratoryRun;
import dev.whyrank.train.laboratory.LaboratoryScale;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code whyrank lab}: tests the paper's claims where the truth is known. */
@Command(
        name = "lab",
        mixinStandardHelpOptions = true,
        description = {
            "Trains a tiny reasoner in a generated world, with explanations and without, refines it, and examines it.",
            "A run that was interrupted goes on where it stopped if it is started again with the same --out."
        })
final class LabCommand implements Callable<Integer> {

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Where data, models and report go.")
    private Path out = Path.of("");

    @Option(names = "--seed", paramLabel = "S", description = "Of the world, the tests and the model (default: 1).")
    private long seed = 1;

    @Option(names = "--threads", paramLabel = "N", description = "libtorch's (default: one for each core).")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--smoke", description = "A few steps only: shows that it works, and no claim.")
    private boolean smoke;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        PrintWriter console = spec.commandLine().getOut();
        LaboratoryScale scale = smoke ? LaboratoryScale.SMOKE : LaboratoryScale.FULL;
        String table = new LaboratoryRun(out, seed, threads, scale, name -> new TuningBar(name, console)).run();
        console.print(table);
        console.println("nDCG: whyrank evaluate " + out.resolve("test.jsonl") + " --first-stage given --model "
                + out.resolve("explain"));
        return 0;
    }
}
