package dev.whyrank;

import dev.whyrank.api.WhyrankApiProperties;
import dev.whyrank.fuzz.Corpus;
import dev.whyrank.fuzz.Fuzzed;
import dev.whyrank.model.InvalidInputException;
import dev.whyrank.rerank.PromptFormat;
import dev.whyrank.rerank.ReadAnswer;
import dev.whyrank.tokenize.ChatWrapper;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * Any lines {@code name=value} as settings: they are bound, or refused in one line; a generic format that can be made
 * reads any answer.
 */
public class SettingsFuzzTest {

    private static final ChatWrapper CHAT = new ChatWrapper("", "");
    private static final SettingNames NAMES =
            new SettingNames(Stream.of(WhyrankProperties.class, WhyrankApiProperties.class));

    public static void fuzzerTestOneInput(byte[] input) {
        Map<String, Object> settings = settings(Fuzzed.text(input));
        Fuzzed.inTime(() -> {
            StandardEnvironment environment = new StandardEnvironment();
            environment
                    .getPropertySources()
                    .forEach(source -> environment.getPropertySources().remove(source.getName()));
            environment.getPropertySources().addFirst(new MapPropertySource("fuzz", settings));
            refusable(() -> NAMES.check(environment));
            refusable(() -> use(new Binder(ConfigurationPropertySources.get(environment))));
        });
    }

    private static Map<String, Object> settings(String text) {
        Map<String, Object> settings = new LinkedHashMap<>();
        text.lines().forEach(line -> {
            int equals = line.indexOf('=');
            if (equals > 0) {
                settings.put(
                        line.substring(0, equals), line.substring(equals + 1).replace("\\n", "\n"));
            }
        });
        return settings;
    }

    private static void use(Binder binder) {
        binder.bindOrCreate("whyrank.api", WhyrankApiProperties.class);
        WhyrankProperties properties = binder.bindOrCreate("whyrank", WhyrankProperties.class);
        PromptFormat format = GenericFormat.of(properties.generic(), CHAT);
        if (format.stops().contains("")) {
            throw new AssertionError("a stop string that stands everywhere");
        }
        format.words("{document}", "instruction", "{query}");
        ReadAnswer.of(format, "It is good. Score: 1 <score>2</score>\n0 yes no");
        ReadAnswer.of(format, "");
    }

    private static void refusable(Runnable reader) {
        try {
            reader.run();
        } catch (InvalidInputException | BindException e) {
            Optional<String> line = StartupFailure.explain(e);
            if (line.isEmpty() || line.get().isBlank() || line.get().lines().count() != 1) {
                throw new AssertionError("is no line: " + line, e);
            }
        }
    }

    @ParameterizedTest
    @ArgumentsSource(Corpus.class)
    void standsItsCorpus(byte[] input) {
        fuzzerTestOneInput(input);
    }
}
