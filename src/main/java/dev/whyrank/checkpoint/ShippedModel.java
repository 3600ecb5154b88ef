package dev.whyrank.checkpoint;

import dev.whyrank.model.InvalidInputException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The laboratory's language model, which comes in the jar. A folder by the name has to be given with its path. */
public final class ShippedModel {

    /** What it is asked for by. */
    public static final String NAME = "lab";

    /** What it reports itself as; no folder of anybody's is likely to have this name. */
    static final String REPORTED = "whyrank-lab";

    private static final String RESOURCES = "models/lab/";
    private static final List<String> FILES = List.of("config.json", "tokenizer.json", "model.safetensors");

    private ShippedModel() {}

    /**
     * Unpacks it, because weights are mapped from a file; what was unpacked is gone when the process ends.
     *
     * @return the model's folder
     * @throws InvalidInputException if temporary files cannot be written
     */
    public static Path unpack() {
        try {
            Path parent = transientFile(Files.createTempDirectory("whyrank-"));
            Path folder = transientFile(Files.createDirectory(parent.resolve(REPORTED)));
            for (String name : FILES) {
                try (InputStream in = ShippedModel.class.getClassLoader().getResourceAsStream(RESOURCES + name)) {
                    if (in == null) {
                        throw new IllegalStateException(RESOURCES + name + " is not on the class path");
                    }
                    Files.copy(in, transientFile(folder.resolve(name)));
                }
            }
            return folder;
        } catch (IOException e) {
            throw new InvalidInputException(
                    "the model '" + NAME + "' cannot be unpacked to " + System.getProperty("java.io.tmpdir")
                            + "; make that writable or set -Djava.io.tmpdir",
                    e);
        }
    }

    /** Deleted last come first: a folder is named before what it holds. */
    private static Path transientFile(Path path) {
        File file = path.toFile();
        file.deleteOnExit();
        return path;
    }
}
