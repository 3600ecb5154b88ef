package dev.whyrank.train.refinement;

import dev.whyrank.train.tuning.RunSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Lines that are dear to make, in a file that appears only when it is whole. Its first line says what they belong to.
 *
 * @param settings what they belong to
 */
record KeptLines(Path file, RunSettings settings) {

    /**
     * The lines of the file, or, if there is none, fresh ones, which are in the file then.
     *
     * @throws dev.whyrank.model.InvalidInputException if the file belongs to something else
     */
    List<String> or(Supplier<List<String>> fresh) throws IOException {
        if (!Files.exists(file)) {
            write(fresh.get());
        }
        List<String> lines = Files.readAllLines(file);
        settings.requireSame(lines.isEmpty() ? "" : lines.get(0), file);
        return lines.subList(1, lines.size());
    }

    private void write(List<String> lines) throws IOException {
        List<String> all = new ArrayList<>(List.of(settings.line()));
        all.addAll(lines);
        Path partial = file.resolveSibling(file.getFileName() + ".partial");
        Files.write(partial, all);
        Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
