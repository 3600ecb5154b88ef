package dev.whyrank.cli;

import dev.whyrank.checkpoint.Checkpoint;
import dev.whyrank.checkpoint.CheckpointOptions;
import dev.whyrank.checkpoint.ShippedModel;
import dev.whyrank.generate.EngineListener;
import dev.whyrank.generate.EngineSettings;
import dev.whyrank.generate.GenerationEngine;
import dev.whyrank.model.InvalidInputException;
import dev.whyrank.model.LanguageModel;
import dev.whyrank.model.Precision;
import dev.whyrank.model.torch.TorchLanguageModel;
import dev.whyrank.model.torch.TorchOptions;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;

/** The options of commands that run a language model, and how they open it. */
final class ModelOptions {

    @Option(names = "--model", paramLabel = "DIR", description = "Folder of a checkpoint, or lab.")
    @Nullable
    Path model;

    @Option(names = "--adapter", paramLabel = "DIR", description = "Folder of a LoRA adapter to merge.")
    @Nullable
    Path adapter;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            converter = PrecisionConverter.class,
            defaultValue = "float32",
            description = "Matrices in float32, bfloat16 or int8 (default: float32).")
    Precision precision = Precision.FLOAT32;

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            defaultValue = "auto",
            description = "auto, cpu or cuda:N (default: auto).")
    String device = "auto";

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "0",
            description = "libtorch's threads on CPU (default: one for each core).")
    int threads;

    Checkpoint open() {
        if (model == null) {
            throw new InvalidInputException("--model is missing; give the folder of a checkpoint");
        }
        Path folder = model.equals(Path.of(ShippedModel.NAME)) ? ShippedModel.unpack() : model;
        return Checkpoint.open(folder, CheckpointOptions.DEFAULT.withAdapter(adapter));
    }

    /** The same as settings of the service, which has a model of its own if none is named. */
    Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>();
        if (model != null) {
            settings.put("whyrank.model", model.toString());
        }
        if (adapter != null) {
            settings.put("whyrank.adapter", adapter.toString());
        }
        settings.put("whyrank.engine.precision", precision.name());
        settings.put("whyrank.engine.device", device);
        settings.put("whyrank.engine.threads", Integer.toString(threads));
        return settings;
    }

    /** Loads the model into a cache of the given shape; the caller's thread owns it. */
    LanguageModel load(Checkpoint checkpoint, int slots, int slotLength) {
        TorchOptions options = new TorchOptions(precision, device, threads, slots, slotLength, new int[0]);
        return TorchLanguageModel.load(checkpoint.config(), checkpoint.weights(), options);
    }

    /** Loads the model into a cache of the given shape and starts its engine. */
    GenerationEngine start(Checkpoint checkpoint, int slots, int slotLength, int tokenBudget) {
        LanguageModel loaded = load(checkpoint, slots, slotLength);
        EngineSettings defaults = EngineSettings.DEFAULT;
        EngineSettings settings = new EngineSettings(
                tokenBudget, defaults.inboxCapacity(), defaults.encoderTokenBudget(), defaults.encoderCapacity());
        return GenerationEngine.generating(loaded, checkpoint.tokenizer(), settings, EngineListener.NONE);
    }

    /** Reads a precision in lower case. */
    static final class PrecisionConverter implements ITypeConverter<Precision> {

        @Override
        public Precision convert(String value) {
            return Arrays.stream(Precision.values())
                    .filter(precision -> precision.name().equalsIgnoreCase(value))
                    .findFirst()
                    .orElseThrow(() -> new InvalidInputException("--dtype '" + value + "' is not known: use "
                            + Arrays.stream(Precision.values())
                                    .map(precision -> precision.name().toLowerCase(Locale.ROOT))
                                    .collect(Collectors.joining(", "))));
        }
    }
}
