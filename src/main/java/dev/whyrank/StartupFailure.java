package dev.whyrank;

import dev.whyrank.model.InvalidInputException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.origin.TextResourceOrigin;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Tells what the operator can correct from what only a programmer can, and says the former in one line. */
final class StartupFailure {

    /** The exit status for what the operator can correct; the commands' own, too. */
    static final int EXIT_STATUS = 2;

    private static final Logger LOG = LoggerFactory.getLogger(WhyrankApplication.class);

    private StartupFailure() {}

    /** What is wrong and what to do, if the operator can do anything. */
    static Optional<String> explain(Throwable failure) {
        Optional<String> invalid =
                first(failure, InvalidInputException.class).map(cause -> String.valueOf(cause.getMessage()));
        return invalid.or(() -> first(failure, BindException.class).map(StartupFailure::explain))
                .map(line -> line.replaceAll("\\s*\\R\\s*", " "));
    }

    private static <T> Optional<T> first(Throwable failure, Class<T> kind) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .filter(kind::isInstance)
                .map(kind::cast)
                .findFirst();
    }

    private static String explain(BindException failure) {
        ConfigurationProperty property = failure.getProperty();
        String setting = property == null
                ? failure.getName().toString()
                : property.getName() + line(property) + " is '" + property.getValue() + "'";
        Class<?> type = failure.getTarget().getType().resolve();
        return setting + ": " + (type != null && type.isEnum() ? "use one of " + names(type) : reason(failure));
    }

    /** Where it stands in a file, if it does. */
    private static String line(ConfigurationProperty property) {
        return property.getOrigin() instanceof TextResourceOrigin origin ? " (" + origin + ")" : "";
    }

    private static String names(Class<?> type) {
        return Arrays.stream(type.getEnumConstants())
                .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    }

    private static @Nullable String reason(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage();
    }

    /** Says it in place of Spring Boot's own reports, which come after this one and only if it has nothing to say. */
    @Order(Ordered.HIGHEST_PRECEDENCE)
    static final class Reporter implements SpringBootExceptionReporter {

        @Override
        public boolean reportException(Throwable failure) {
            Optional<String> line = explain(failure);
            line.ifPresent(LOG::error);
            return line.isPresent();
        }
    }
}
