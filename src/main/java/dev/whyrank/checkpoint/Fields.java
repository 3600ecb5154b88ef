package dev.whyrank.checkpoint;

import dev.whyrank.model.InvalidInputException;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;

/** Typed access to the fields of a JSON object; a field that is null counts as absent. */
record Fields(JsonNode node, String source) {

    static Fields of(Path file) {
        return new Fields(Json.object(file), file.toString());
    }

    JsonNode get(String name) {
        return node.path(name);
    }

    boolean has(String name) {
        return node.hasNonNull(name);
    }

    /** An object within; empty if there is none. */
    Fields object(String name) {
        return new Fields(node.path(name), source + ": " + name);
    }

    int positive(String name, int absent) {
        JsonNode value = node.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return absent;
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() <= 0) {
            throw bad(name, "a positive whole number", value);
        }
        return value.intValue();
    }

    double positive(String name, double absent) {
        JsonNode value = node.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return absent;
        }
        // A whole number of hundreds of digits is a number and no double.
        double number = value.isNumber() ? value.doubleValue(Double.NaN) : Double.NaN;
        if (!(number > 0) || Double.isInfinite(number)) {
            throw bad(name, "a positive number", value);
        }
        return number;
    }

    double required(String name) {
        if (!has(name)) {
            throw new InvalidInputException(source + ": " + name + " is missing");
        }
        return positive(name, 1.0);
    }

    boolean flag(String name, boolean absent) {
        JsonNode value = node.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return absent;
        }
        if (!value.isBoolean()) {
            throw bad(name, "true or false", value);
        }
        return value.booleanValue();
    }

    String text(String name, String absent) {
        JsonNode value = node.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return absent;
        }
        if (!value.isString()) {
            throw bad(name, "a string", value);
        }
        return value.stringValue();
    }

    private InvalidInputException bad(String name, String wanted, JsonNode value) {
        String shown = value.toString();
        return new InvalidInputException(source + ": " + name + " must be " + wanted + ", not "
                + shown.substring(0, Math.min(40, shown.length())));
    }
}
