package dev.whyrank.chart;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Finds what Fabric8's models could not place: fields that the kind does not have, at any depth. */
final class KnownFields {

    private static final String MODELS = "io.fabric8.";
    private static final String UNPLACED = "getAdditionalProperties";

    private final List<String> unknown = new ArrayList<>();

    private KnownFields() {}

    /** Paths of unknown fields. Fails on a kind that no model knows, and on a value of the wrong type. */
    static List<String> unknown(JsonNode manifest) {
        Object read = new KubernetesSerialization().unmarshal(manifest.toString());
        if (read.getClass().getSimpleName().startsWith("Generic")) {
            throw new AssertionError("no model of " + manifest.path("apiVersion") + " " + manifest.path("kind"));
        }
        KnownFields fields = new KnownFields();
        fields.visit(manifest.path("kind").asString(), read);
        return fields.unknown;
    }

    private void visit(String path, Object value) {
        if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                visit(path + "[" + i + "]", list.get(i));
            }
        } else if (value instanceof Map<?, ?> map) {
            map.forEach((key, entry) -> visit(path + "." + key, entry));
        } else if (value != null
                && value.getClass().getName().startsWith(MODELS)
                && !value.getClass().isEnum()) {
            for (Method getter : value.getClass().getMethods()) {
                visitProperty(path, value, getter);
            }
        }
    }

    private void visitProperty(String path, Object owner, Method getter) {
        boolean plain = getter.getParameterCount() == 0
                && getter.getName().startsWith("get")
                && getter.getDeclaringClass().getName().startsWith(MODELS);
        if (!plain) {
            return;
        }
        Object value = get(owner, getter);
        if (getter.getName().equals(UNPLACED)) {
            ((Map<?, ?>) value).keySet().forEach(name -> unknown.add(path + "." + name));
        } else if (value != null) {
            visit(path + "." + getter.getName().substring("get".length()), value);
        }
    }

    private static Object get(Object owner, Method getter) {
        try {
            return getter.invoke(owner);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new LinkageError(getter + " cannot be read", e);
        }
    }
}
