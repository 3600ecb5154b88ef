package dev.whyrank.cli;

import dev.whyrank.checkpoint.Checkpoint;
import dev.whyrank.model.DecoderConfig;
import dev.whyrank.model.Precision;
import dev.whyrank.tokenize.LabelCodes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What {@code whyrank import} says about a model. */
final class ImportSummary {

    private static final String DEMAND = "\n\nRelevance Label: ";
    private static final List<String> LABELS = List.of("0", "1", "2");
    private static final int SEQUENCES = 8;
    private static final int SEQUENCE_TOKENS = 2048;

    private final Checkpoint checkpoint;
    private final Path folder;
    private final @Nullable Path adapter;
    private final Precision precision;
    private final List<String> lines = new ArrayList<>();

    ImportSummary(Checkpoint checkpoint, Path folder, @Nullable Path adapter, Precision precision) {
        this.checkpoint = checkpoint;
        this.folder = folder;
        this.adapter = adapter;
        this.precision = precision;
    }

    /** The summary, aligned. */
    List<String> lines() {
        DecoderConfig config = checkpoint.config();
        LabelCodes labels = LabelCodes.find(checkpoint.tokenizer(), LabelCodes.EXPLANATION, DEMAND, LABELS);
        add("Folder", folder.toString());
        add("Family", config.family().toString().toLowerCase(Locale.ROOT));
        add("Parameters", parameters());
        add("Precision", checkpoint.dtype() + " in the files, " + lower(precision) + " in memory");
        add("Context length", config.contextLength() + " tokens");
        add(
                "KV cache",
                checkpoint.kvBytesPerToken(4) + " bytes per token in float32, " + checkpoint.kvBytesPerToken(2)
                        + " in bfloat16");
        add("Memory needed", memory());
        add("Before the prompt", quote(checkpoint.chat().before()));
        add("After the prompt", quote(checkpoint.chat().after()));
        add(
                "Stop tokens",
                checkpoint.stopTokens().stream().sorted().map(this::token).collect(Collectors.joining(", ")));
        add("Label tokens", Arrays.stream(labels.ids()).mapToObj(this::token).collect(Collectors.joining(", ")));
        add("Forced before them", Arrays.toString(labels.forced()));
        add(
                "Verified",
                "every tensor's place, type and shape in " + checkpoint.files()
                        + (checkpoint.files() == 1 ? " file; " : " files; ")
                        + checkpoint.tokenizer().vocabularySize() + " tokens fit " + config.vocabulary() + " embeddings"
                        + (adapter == null ? "" : "; every tensor of the adapter " + adapter));
        return lines;
    }

    private void add(String name, String value) {
        lines.add(String.format(Locale.ROOT, "%-18s  %s", name, value));
    }

    private String parameters() {
        return checkpoint.parameters() < 1_000_000
                ? String.valueOf(checkpoint.parameters())
                : String.format(Locale.ROOT, "%.1f million", checkpoint.parameters() / 1e6);
    }

    /** A tied head is packed for multiplying beside the table that it is. */
    private String memory() {
        DecoderConfig config = checkpoint.config();
        long copies = config.tiedHead() ? (long) config.vocabulary() * config.hidden() : 0;
        long weights = (checkpoint.parameters() + copies) * precision.bytes();
        int length = Math.min(SEQUENCE_TOKENS, config.contextLength());
        long cache = checkpoint.kvBytesPerToken(4) * SEQUENCES * length;
        return "about " + size(weights + cache) + ": " + size(weights) + " of weights and " + size(cache) + " for "
                + SEQUENCES + " sequences of " + length + " tokens";
    }

    private static String size(long bytes) {
        return bytes < 1L << 30
                ? String.format(Locale.ROOT, "%.1f MiB", bytes / 0x1p20)
                : String.format(Locale.ROOT, "%.1f GiB", bytes / 0x1p30);
    }

    private String token(int id) {
        return id + " " + quote(checkpoint.tokenizer().tokenOf(id));
    }

    private static String quote(String text) {
        return "\"" + text.replace("\n", "\\n") + "\"";
    }

    private static String lower(Precision precision) {
        return precision.toString().toLowerCase(Locale.ROOT);
    }
}
