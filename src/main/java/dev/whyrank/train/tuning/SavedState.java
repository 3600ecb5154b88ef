package dev.whyrank.train.tuning;

import dev.whyrank.checkpoint.Safetensors;
import dev.whyrank.checkpoint.SafetensorsFile;
import dev.whyrank.model.InvalidInputException;
import dev.whyrank.model.torch.TorchTrainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * The state that a run can go on from: weights and moments in one file, named by its step, and a small file that says
 * which step and which run it belongs to. The small file is replaced last, so it always names a whole one.
 */
public final class SavedState {

    private static final String POINTER = "state.json";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final String run;

    /**
     * How far a run has come.
     *
     * @param step steps made
     * @param processor processor time that they took
     */
    record Progress(int step, Duration processor) {}

    /**
     * A place for states.
     *
     * @param run what the run learns and how, as text: a state of another run is refused
     */
    public SavedState(Path folder, String run) {
        this.folder = folder;
        this.run = run;
    }

    void save(TorchTrainer trainer, Progress progress) throws IOException {
        Files.createDirectories(folder);
        Path tensors = folder.resolve("state-" + progress.step() + ".safetensors");
        SafetensorsFile.write(tensors, trainer.state());
        Path partial = folder.resolve(POINTER + ".partial");
        Files.writeString(
                partial,
                JSON.writeValueAsString(JSON.createObjectNode()
                        .put("step", progress.step())
                        .put("processor_millis", progress.processor().toMillis())
                        .put("run", run)));
        Files.move(
                partial, folder.resolve(POINTER), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        deleteOthers(tensors);
    }

    private void deleteOthers(Path kept) throws IOException {
        List<Path> others;
        try (Stream<Path> files = Files.list(folder)) {
            others = files.filter(
                            file -> file.getFileName().toString().matches("state-\\d+\\.safetensors(\\.partial)?"))
                    .filter(file -> !file.equals(kept))
                    .toList();
        }
        for (Path other : others) {
            Files.delete(other);
        }
    }

    /**
     * Takes up the saved state, if there is one.
     *
     * @return how far it has come
     * @throws InvalidInputException if it belongs to another run
     */
    Progress restore(TorchTrainer trainer) throws IOException {
        Path pointer = folder.resolve(POINTER);
        if (!Files.exists(pointer)) {
            return new Progress(0, Duration.ZERO);
        }
        JsonNode state = read(pointer);
        if (!state.path("run").asString("").equals(run)) {
            throw new InvalidInputException(
                    pointer + ": was left by a run with other data or settings; give them again, or another --out");
        }
        int step = state.path("step").asInt();
        trainer.restore(Safetensors.ofFile(folder.resolve("state-" + step + ".safetensors")));
        return new Progress(
                step, Duration.ofMillis(state.path("processor_millis").asLong(0)));
    }

    private static JsonNode read(Path pointer) throws IOException {
        try {
            return JSON.readTree(Files.readString(pointer));
        } catch (JacksonException e) {
            throw new InvalidInputException(pointer + ": is not JSON; delete the folder to start afresh", e);
        }
    }
}
