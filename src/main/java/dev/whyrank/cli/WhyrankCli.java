package dev.whyrank.cli;

import dev.whyrank.model.InvalidInputException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The root command. A new subcommand is registered here and nowhere else: in the annotation or, if it needs something
 * from outside, in {@code command}.
 */
@Command(
        name = "whyrank",
        description = "Reranks search results and says why.",
        mixinStandardHelpOptions = true,
        versionProvider = WhyrankCli.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Without a command, or with `serve`, it serves over HTTP; settings are given as --name=value,",
            "for instance --server.port=8080."
        },
        subcommands = {
            AnnotateCommand.class,
            GenerateCommand.class,
            ClaimsCommand.class,
            DistillCommand.class,
            EvidenceCommand.class,
            ImportCommand.class,
            KeyCommand.class,
            LoadCommand.class,
            MeasureCommand.class,
            RefineCommand.class,
            SimulateCommand.class
        })
public final class WhyrankCli {

    /** Settings have a dotted name; the other two are Spring's own. */
    private static final String SETTING = "(?s)--[a-z][a-z0-9-]*(\\.[A-Za-z0-9_\\[\\]-]+)+(=.*)?|--debug|--trace";

    private static final String CANNOT_DRAW = "the charts could not be drawn, which come last: Java needs libfreetype,"
            + " fontconfig and a font on this machine (%s)";

    private final Map<String, String> environment;

    WhyrankCli(Map<String, String> environment) {
        this.environment = environment;
    }

    /** Variables such as {@code HF_HOME}. */
    Map<String, String> environment() {
        return environment;
    }

    /**
     * Whether arguments are for a command, or else for the service, which takes settings only. Spring would ignore a
     * misspelt flag in silence, so whatever is neither is taken here, to be refused.
     */
    public static boolean handles(String... args) {
        return !settings(args).stream().allMatch(argument -> argument.matches(SETTING));
    }

    /** The arguments without the word {@code serve}. */
    public static List<String> settings(String... args) {
        List<String> all = List.of(args);
        return !all.isEmpty() && all.get(0).equals("serve") ? all.subList(1, all.size()) : all;
    }

    /**
     * Runs a command with the process's own environment and streams, and returns its exit status.
     *
     * @param rerankers opens the model of commands that rerank
     * @param services starts the service for the command that measures it
     */
    public static int run(RerankerFactory rerankers, ServiceFactory services, String... args) {
        return run(command(System.getenv(), rerankers, services, System.in), args);
    }

    /**
     * Runs a command and returns its exit status. Errors end here too: thrown on, they would end this thread alone, and
     * leave a process whose progress bar lives.
     */
    static int run(CommandLine command, String... args) {
        try {
            return command.execute(settings(args).toArray(String[]::new));
        } catch (Error e) {
            if (isOfDrawing(e)) {
                command.getErr().println(oneLine(CANNOT_DRAW.formatted(e)));
            } else {
                e.printStackTrace(command.getErr());
            }
            return CommandLine.ExitCode.SOFTWARE;
        }
    }

    private static boolean isOfDrawing(Error e) {
        return Arrays.stream(e.getStackTrace())
                .anyMatch(frame -> frame.getClassName().matches("(sun|java)\\.(awt|font|java2d)\\..*"));
    }

    static CommandLine command(
            Map<String, String> environment, RerankerFactory rerankers, ServiceFactory services, InputStream in) {
        return new CommandLine(new WhyrankCli(environment))
                .addSubcommand(new BenchCommand(services))
                .addSubcommand(new EvaluateCommand(rerankers))
                .addSubcommand(new LabCommand(rerankers))
                .addSubcommand(new RerankCommand(rerankers, in))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(WhyrankCli::explain)
                .setExecutionExceptionHandler(WhyrankCli::explain);
    }

    private static int explain(CommandLine.ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        command.getErr().println(oneLine(name + ": " + e.getMessage() + "; see " + name + " --help"));
        return CommandLine.ExitCode.USAGE;
    }

    private static int explain(Exception e, CommandLine command, CommandLine.ParseResult parsed) {
        if (e instanceof InvalidInputException) {
            command.getErr().println(oneLine(String.valueOf(e.getMessage())));
            return CommandLine.ExitCode.USAGE;
        }
        e.printStackTrace(command.getErr());
        return CommandLine.ExitCode.SOFTWARE;
    }

    private static String oneLine(String message) {
        return message.replaceAll("\\s*\\R\\s*", " ");
    }

    /** The version that the jar's manifest states. */
    static final class Version implements CommandLine.IVersionProvider {

        @Override
        public String[] getVersion() {
            String version = WhyrankCli.class.getPackage().getImplementationVersion();
            return new String[] {"whyrank " + (version == null ? "development" : version)};
        }
    }
}
