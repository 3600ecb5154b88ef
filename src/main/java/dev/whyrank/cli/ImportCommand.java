package dev.whyrank.cli;

import dev.whyrank.checkpoint.Checkpoint;
import dev.whyrank.checkpoint.CheckpointOptions;
import dev.whyrank.checkpoint.HubDownload;
import dev.whyrank.checkpoint.HubSettings;
import dev.whyrank.model.Precision;
import dev.whyrank.tokenize.ChatWrapper;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Fetches a model if it is a name, checks it, and says what it is and needs. */
@Command(
        name = "import",
        description = "Fetches and checks a model, and says what it needs.",
        mixinStandardHelpOptions = true)
final class ImportCommand implements Callable<Integer> {

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private WhyrankCli root;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(paramLabel = "MODEL", description = "A folder, or a name such as org/model or org/model@revision.")
    @SuppressWarnings("NullAway.Init") // required, so set by picocli
    private String model;

    @Option(names = "--revision", description = "Branch, tag or commit (default: main).")
    private @Nullable String revision;

    @Option(names = "--adapter", description = "Folder of a LoRA adapter, or its name on the hub.")
    private @Nullable String adapter;

    @Option(names = "--dtype", description = "Precision to compute memory for: ${COMPLETION-CANDIDATES}.")
    private Precision dtype = Precision.FLOAT32;

    @Option(names = "--system", description = "System text of every prompt.")
    private @Nullable String system;

    @Option(names = "--thinking", description = "Let a model that can think before it answers do so.")
    private boolean thinking;

    @Option(names = "--chat-before", description = "Text before the user's words, instead of the chat template.")
    private @Nullable String chatBefore;

    @Option(names = "--chat-after", description = "Text after the user's words, instead of the chat template.")
    private @Nullable String chatAfter;

    @Override
    public Integer call() {
        ChatWrapper chat = chat();
        HubDownload hub = new HubDownload(HubSettings.of(root.environment()), new DownloadBar());
        Path folder = hub.resolve(model, revision);
        Path adapterFolder = adapter == null ? null : hub.resolve(adapter, null);
        CheckpointOptions options = new CheckpointOptions(adapterFolder, system, thinking, chat);
        try (Checkpoint checkpoint = Checkpoint.open(folder, options)) {
            new ImportSummary(checkpoint, folder, adapterFolder, dtype)
                    .lines()
                    .forEach(spec.commandLine().getOut()::println);
        }
        return 0;
    }

    private @Nullable ChatWrapper chat() {
        if (chatBefore == null && chatAfter == null) {
            return null;
        }
        if (chatBefore == null || chatAfter == null) {
            throw new ParameterException(spec.commandLine(), "--chat-before and --chat-after belong together");
        }
        return new ChatWrapper(chatBefore, chatAfter);
    }
}
