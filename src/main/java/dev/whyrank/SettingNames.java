package dev.whyrank;

import dev.whyrank.model.InvalidInputException;
import java.lang.reflect.RecordComponent;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.origin.OriginLookup;
import org.springframework.boot.origin.TextResourceOrigin;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;

/**
 * Refuses settings of ours that nothing reads: a misspelt name would otherwise be ignored in silence, and its default
 * served. Knows the names from the records that settings are bound to.
 */
final class SettingNames {

    private static final String PREFIX = "whyrank";

    /** Variables that Kubernetes sets for a service of our name. */
    private static final Pattern SERVICE_LINK =
            Pattern.compile("WHYRANK_(\\w+_)?(SERVICE_HOST|SERVICE_PORT(_\\w+)?|PORT(_\\d+_(TCP|UDP|SCTP)(_\\w+)?)?)");

    /** A place in a list. */
    private static final Pattern INDEX = Pattern.compile("\\[\\d+]|_\\d+$");

    /** By what is left of a name when its spelling is taken away. */
    private final Map<String, String> known = new TreeMap<>();

    /** Nothing but the settings of these records. */
    SettingNames(Stream<Class<?>> records) {
        records.forEach(type -> {
            ConfigurationProperties properties = type.getAnnotation(ConfigurationProperties.class);
            if (properties != null) {
                add(properties.value(), type);
            }
        });
    }

    /** Checks a context's settings when its beans are known and none is made. */
    static void guard(ConfigurableApplicationContext context) {
        context.addBeanFactoryPostProcessor(beans -> new SettingNames(records(beans)).check(context.getEnvironment()));
    }

    private static Stream<Class<?>> records(ConfigurableListableBeanFactory beans) {
        return Stream.of(beans.getBeanNamesForAnnotation(ConfigurationProperties.class))
                .<@Nullable Class<?>>map(name -> beans.getType(name, false))
                .filter(type -> type != null && type.isRecord())
                .map(type -> (Class<?>) type);
    }

    private void add(String prefix, Class<?> type) {
        for (RecordComponent component : type.getRecordComponents()) {
            String name = prefix + "." + kebab(component.getName());
            if (component.getType().isRecord()) {
                add(name, component.getType());
            } else {
                known.put(squeezed(name), name);
            }
        }
    }

    private static String kebab(String name) {
        return name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
    }

    private static String squeezed(String name) {
        return INDEX.matcher(name).replaceAll("").toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }

    /**
     * Checks every source that can list its names.
     *
     * @throws InvalidInputException if one is not known
     */
    void check(ConfigurableEnvironment environment) {
        for (PropertySource<?> source : environment.getPropertySources()) {
            if (source instanceof EnumerablePropertySource<?> names) {
                Stream.of(names.getPropertyNames()).filter(SettingNames::isOurs).forEach(name -> check(name, source));
            }
        }
    }

    private static boolean isOurs(String name) {
        return name.startsWith(PREFIX + ".")
                || (name.startsWith("WHYRANK_") && !SERVICE_LINK.matcher(name).matches());
    }

    private void check(String name, PropertySource<?> source) {
        String squeezed = squeezed(name);
        if (!known.containsKey(squeezed)) {
            String nearest = known.entrySet().stream()
                    .min(Comparator.comparingInt(entry -> distance(squeezed, entry.getKey())))
                    .map(Map.Entry::getValue)
                    .orElseThrow();
            throw new InvalidInputException(name + line(source, name) + " is no setting; the nearest is " + nearest);
        }
    }

    /** Where it stands in a file, if it does. */
    private static String line(PropertySource<?> source, String name) {
        return OriginLookup.getOrigin(source, name) instanceof TextResourceOrigin origin ? " (" + origin + ")" : "";
    }

    /** How many letters must be put in, left out or changed to get from one word to the other. */
    static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int change = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }
}
