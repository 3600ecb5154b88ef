package dev.whyrank;

import dev.whyrank.checkpoint.Checkpoint;
import dev.whyrank.checkpoint.CheckpointFingerprint;
import dev.whyrank.checkpoint.CheckpointOptions;
import dev.whyrank.checkpoint.DownloadListener;
import dev.whyrank.checkpoint.HubDownload;
import dev.whyrank.checkpoint.HubSettings;
import dev.whyrank.checkpoint.ShippedModel;
import dev.whyrank.checkpoint.SlotPlan;
import dev.whyrank.generate.EngineListener;
import dev.whyrank.generate.EngineSettings;
import dev.whyrank.generate.GenerationEngine;
import dev.whyrank.model.InvalidInputException;
import dev.whyrank.model.torch.TorchLanguageModel;
import dev.whyrank.model.torch.TorchOptions;
import dev.whyrank.rerank.GenerativeJudge;
import dev.whyrank.rerank.GenerativeJudge.Asking;
import dev.whyrank.rerank.LocalQueryWriter;
import dev.whyrank.rerank.PromptFormat;
import dev.whyrank.rerank.TokenCodec;
import dev.whyrank.tokenize.ChatWrapper;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A language model from a checkpoint folder. */
final class CheckpointModel {

    /** Admission bounds what waits, in tokens; the engine's own bound only has to be out of its way. */
    private static final int INBOX_CAPACITY = 1_000_000;

    /** Formats without a place for a system text. */
    private static final Set<String> FIXED_FORMATS = Set.of("rank1", "qwen3-reranker");

    private CheckpointModel() {}

    static LocalModel.Parts load(WhyrankProperties properties, EngineListener listener) {
        HubDownload hub = new HubDownload(HubSettings.of(System.getenv()), DownloadListener.NONE);
        Path folder = hub.fetched(properties.model());
        Path adapter = properties.adapter();
        CheckpointOptions options =
                options(properties).withAdapter(adapter == null ? null : hub.fetched(adapter.toString()));
        Checkpoint checkpoint = Checkpoint.open(folder, options);
        WhyrankProperties.Engine settings = properties.engine();
        SlotPlan plan = SlotPlan.fit(
                settings.kvMemory().toBytes(),
                checkpoint.kvBytesPerToken(
                        TorchLanguageModel.cacheElementBytes(settings.precision(), settings.device())),
                checkpoint.config().contextLength(),
                settings.slotLength(),
                settings.maxSlots());
        Asking explaining = Asking.of(explainFormat(properties, checkpoint), checkpoint.tokenizer());
        Asking labelling = Asking.of(labelFormat(explaining.format(), checkpoint.chat()), checkpoint.tokenizer());
        requireSameLabels(explaining, labelling);
        GenerationEngine engine =
                start(checkpoint, settings, plan, explaining.labels().ids(), listener);
        TokenCodec codec = TokenCodec.of(checkpoint.tokenizer());
        GenerativeJudge judge = new GenerativeJudge(
                engine::submit, codec, plan.slotLength(), checkpoint.stopTokens(), explaining, labelling);
        LocalQueryWriter.Voice voice = new LocalQueryWriter.Voice(
                engine::submit, codec, plan.slotLength(), checkpoint.stopTokens(), checkpoint.chat());
        return new LocalModel.Parts(
                name(folder, properties.model(), checkpoint),
                identity(folder, options.adapter(), plan),
                judge,
                Optional.of(voice),
                Optional.of(engine),
                new LocalModel.Capacity(plan.slots(), plan.slotLength()),
                checkpoint::close);
    }

    /**
     * What is chosen about prompts.
     *
     * @throws InvalidInputException if a system text is given and would have no place in them
     */
    static CheckpointOptions options(WhyrankProperties properties) {
        WhyrankProperties.Chat chat = properties.chat();
        ChatWrapper own =
                chat.before() == null || chat.after() == null ? null : new ChatWrapper(chat.before(), chat.after());
        String other = FIXED_FORMATS.contains(properties.format())
                ? "whyrank.format " + properties.format() + " has a wording of its own"
                : own == null ? null : "whyrank.chat.before and whyrank.chat.after hold all the text around a prompt";
        if (properties.system() != null && other != null) {
            throw new InvalidInputException("whyrank.system is set, but " + other + "; leave one of them out");
        }
        return new CheckpointOptions(null, properties.system(), chat.thinking(), own);
    }

    /** A cut depends on how much a slot holds. */
    private static List<String> identity(Path folder, @Nullable Path adapter, SlotPlan plan) {
        return List.of(
                CheckpointFingerprint.of(folder),
                adapter == null ? "" : CheckpointFingerprint.of(adapter),
                String.valueOf(plan.slotLength()));
    }

    /** A download's folder is named after its commit, which tells nobody anything. */
    private static String name(Path folder, String model, Checkpoint checkpoint) {
        return folder.equals(Path.of(model)) || model.equals(ShippedModel.NAME) ? checkpoint.name() : model;
    }

    private static PromptFormat explainFormat(WhyrankProperties properties, Checkpoint checkpoint) {
        String name = properties.format();
        return switch (name) {
            case "auto", "interank" -> PromptFormat.interankExplain(checkpoint.chat());
            case "interank-base" -> PromptFormat.interankBase(checkpoint.chat());
            case "rank1" -> PromptFormat.rank1(ChatWrapper.raw(checkpoint.tokenizer()));
            case "qwen3-reranker" -> PromptFormat.qwen3Reranker();
            case "generic" -> GenericFormat.of(properties.generic(), checkpoint.chat());
            default ->
                throw new InvalidInputException("whyrank.format '" + name
                        + "' is not known: use auto, interank, interank-base, rank1, qwen3-reranker or generic");
        };
    }

    /** What goes with a format to ask for the label alone. */
    static PromptFormat labelFormat(PromptFormat explaining, ChatWrapper chat) {
        return explaining.name().startsWith("interank") ? PromptFormat.interankLabel(chat) : explaining;
    }

    private static void requireSameLabels(Asking explaining, Asking labelling) {
        if (!Arrays.equals(explaining.labels().ids(), labelling.labels().ids())) {
            throw new InvalidInputException(
                    "tokenizer.json: labels are other tokens after an explanation than without one; choose another model");
        }
    }

    private static GenerationEngine start(
            Checkpoint checkpoint,
            WhyrankProperties.Engine settings,
            SlotPlan plan,
            int[] labelIds,
            EngineListener listener) {
        TorchOptions options = new TorchOptions(
                settings.precision(),
                settings.device(),
                settings.resolvedThreads(),
                plan.slots(),
                plan.slotLength(),
                labelIds);
        TorchLanguageModel model = TorchLanguageModel.load(checkpoint.config(), checkpoint.weights(), options);
        EngineSettings defaults = EngineSettings.DEFAULT;
        EngineSettings engineSettings = new EngineSettings(
                Math.max(settings.tokenBudget(), plan.slots()),
                INBOX_CAPACITY,
                defaults.encoderTokenBudget(),
                defaults.encoderCapacity());
        return GenerationEngine.generating(model, checkpoint.tokenizer(), engineSettings, listener);
    }
}
