package dev.whyrank.api;

import java.util.Collection;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.ValueInstantiationException;

/** Says what is wrong with a body in the client's words: the field's path and the expected type, no Java. */
final class JsonErrors {

    private static final Set<Class<?>> INTEGERS = Set.of(Integer.class, int.class, Long.class, long.class);

    private JsonErrors() {}

    static FieldError describe(JacksonException thrown) {
        if (thrown instanceof MismatchedInputException mismatch) {
            return new FieldError(path(thrown), "expected " + expected(mismatch.getTargetType()));
        }
        if (thrown instanceof ValueInstantiationException
                && thrown.getCause() instanceof IllegalArgumentException why) {
            return new FieldError(path(thrown), String.valueOf(why.getMessage()));
        }
        if (thrown instanceof InputCoercionException coercion) {
            return new FieldError(path(thrown), "expected " + expected(coercion.getTargetType()));
        }
        if (thrown instanceof StreamConstraintsException) {
            return new FieldError(path(thrown), "the JSON is nested too deeply or holds a number that is too long");
        }
        var location = thrown.getLocation();
        String where = location == null || location.getLineNr() < 1
                ? ""
                : " at line %d, column %d".formatted(location.getLineNr(), location.getColumnNr());
        return new FieldError("", "the body is not valid JSON" + where);
    }

    private static String path(JacksonException thrown) {
        StringBuilder path = new StringBuilder();
        for (JacksonException.Reference step : thrown.getPath()) {
            String name = step.getPropertyName();
            if (name != null) {
                path.append(path.isEmpty() ? "" : ".").append(name);
            } else if (step.getIndex() >= 0) {
                path.append('[').append(step.getIndex()).append(']');
            }
        }
        return path.toString();
    }

    private static String expected(Class<?> type) {
        if (type == null) {
            return "another type";
        }
        if (type == String.class) {
            return "a string";
        }
        if (type == Boolean.class) {
            return "true or false";
        }
        if (INTEGERS.contains(type)) {
            return "an integer in range";
        }
        if (Number.class.isAssignableFrom(type)) {
            return "a number";
        }
        if (Collection.class.isAssignableFrom(type)) {
            return "an array";
        }
        if (type == StreamFormat.class) {
            return "\"whyrank\" or \"openai\"";
        }
        return type == DocumentBody.class ? "a string or an object" : "an object";
    }
}
