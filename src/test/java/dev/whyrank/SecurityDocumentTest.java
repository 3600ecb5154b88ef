package dev.whyrank;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Documents name the tests that hold their promises; a test that was renamed or dropped is noticed here. */
class SecurityDocumentTest {

    private static final Path TESTS = Path.of("src/test/java");
    private static final Pattern NAMED = Pattern.compile("`(\\w+Test)(?:#(\\w+))?`");

    private static @Nullable Path source(String name) throws IOException {
        try (Stream<Path> files = Files.walk(TESTS)) {
            return files.filter(file -> file.getFileName().toString().equals(name + ".java"))
                    .findFirst()
                    .orElse(null);
        }
    }

    @Test
    void everyTestItNamesExists() throws Exception {
        List<MatchResult> named = NAMED.matcher(Files.readString(Path.of("docs/security.md")))
                .results()
                .toList();
        assertThat(named).hasSizeGreaterThan(20);
        for (MatchResult test : named) {
            Path source = source(test.group(1));
            assertThat(source).as(test.group()).isNotNull();
            if (test.group(2) != null) {
                assertThat(Files.readString(source)).as(test.group()).contains("void " + test.group(2) + "(");
            }
        }
    }
}
