package dev.whyrank.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.support.ParameterDeclarations;

/** The committed inputs of a fuzz test: seeds, and whatever once found a fault. */
public final class Corpus implements ArgumentsProvider {

    private static final Path ROOT = Path.of("src/test/resources/fuzz");

    /** The folder with the inputs of a fuzz test. */
    static Path folder(String simpleName) {
        return ROOT.resolve(simpleName);
    }

    @Override
    public Stream<? extends Arguments> provideArguments(ParameterDeclarations parameters, ExtensionContext context)
            throws IOException {
        Path folder = folder(context.getRequiredTestClass().getSimpleName());
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> sorted = files.sorted().toList();
            if (sorted.isEmpty()) {
                throw new IllegalStateException(folder + " is empty");
            }
            return sorted.stream().map(Corpus::argument);
        }
    }

    private static Arguments argument(Path file) {
        try {
            return Arguments.of(Named.of(file.getFileName().toString(), Files.readAllBytes(file)));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
