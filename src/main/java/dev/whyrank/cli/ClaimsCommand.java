package dev.whyrank.cli;

import dev.whyrank.model.InvalidInputException;
import dev.whyrank.train.laboratory.Claims;
import dev.whyrank.train.laboratory.ClaimsReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code whyrank claims}: what finished runs of the laboratory say together. */
@Command(
        name = "claims",
        mixinStandardHelpOptions = true,
        description = "Says of finished runs of the laboratory, each with a seed of its own, which claims hold.")
final class ClaimsCommand implements Callable<Integer> {

    @Parameters(arity = "1..*", paramLabel = "DIR", description = "Folders that whyrank lab --out has filled.")
    private List<Path> laboratories = List.of();

    @Option(names = "--chart", paramLabel = "FILE", description = "Also draws labels right, as PNG.")
    private @Nullable Path chart;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        ClaimsReport report = new ClaimsReport(new Claims(laboratories));
        PrintWriter console = spec.commandLine().getOut();
        console.print(report.markdown());
        console.flush();
        if (chart != null) {
            try {
                report.draw(chart);
            } catch (IOException e) {
                throw new InvalidInputException(chart + ": cannot be written; give another --chart", e);
            }
        }
        return 0;
    }
}
