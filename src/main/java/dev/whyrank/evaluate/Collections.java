package dev.whyrank.evaluate;

import dev.whyrank.model.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Recognises what lies at a path. Sets are loaded one at a time, since all of BRIGHT does not fit small machines. */
final class Collections {

    /** A set that can be loaded. */
    record Source(String name, Supplier<TestCollection> loader) {}

    private Collections() {}

    /**
     * The sets at a path, in the order of their names.
     *
     * @throws InvalidInputException if there is none, it is malformed, or an option is for another kind
     */
    static List<Source> open(Path path, CollectionOptions options) {
        if (Files.isRegularFile(path)) {
            options.requireNothingOfBeir(path);
            options.requireNothingOfBright(path);
            return List.of(records(path));
        }
        if (!Files.isDirectory(path)) {
            throw new InvalidInputException(path + ": no such file or folder; check the path");
        }
        if (Files.isDirectory(path.resolve("examples"))) {
            options.requireNothingOfBeir(path);
            return BrightReader.sets(path, options);
        }
        if (Stream.of("corpus.jsonl", "queries.jsonl", "qrels").anyMatch(name -> Files.exists(path.resolve(name)))) {
            options.requireNothingOfBright(path);
            String name = name(path);
            return List.of(new Source(name, () -> BeirReader.read(name, path, options)));
        }
        List<Source> labelled = files(path, ".jsonl").stream()
                .filter(RecordReader::hasLabels)
                .map(Collections::records)
                .toList();
        if (labelled.isEmpty()) {
            throw new InvalidInputException(
                    path + ": is no collection; give a BEIR folder (corpus.jsonl, queries.jsonl,"
                            + " qrels/), a BRIGHT folder (examples/, documents/) or labelled records (*.jsonl)");
        }
        options.requireNothingOfBeir(path);
        options.requireNothingOfBright(path);
        return labelled;
    }

    private static Source records(Path file) {
        String name = name(file).replaceFirst("\\.jsonl$", "");
        return new Source(name, () -> RecordReader.read(name, file));
    }

    private static String name(Path path) {
        Path last = path.toAbsolutePath().normalize().getFileName();
        return last == null ? path.toString() : last.toString();
    }

    /** The files of a folder whose names end so, in the order of their names. */
    static List<Path> files(Path folder, String ending) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new InvalidInputException(folder + ": cannot be listed; check the folder", e);
        }
    }
}
