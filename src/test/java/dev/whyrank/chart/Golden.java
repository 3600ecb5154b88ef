package dev.whyrank.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files that are made, committed and reviewed. */
public final class Golden {

    private static final String WRITE = "golden.write";

    private Golden() {}

    /** Compares a file with what would be made today, or makes it if the property {@code golden.write} is set. */
    public static void assertCurrent(Path file, String made) throws IOException {
        if (Boolean.getBoolean(WRITE)) {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, made);
        }
        assertThat(file).exists();
        assertThat(Files.readString(file))
                .as("%s; run this test with -D%s=true and review the difference", file, WRITE)
                .isEqualTo(made);
    }
}
