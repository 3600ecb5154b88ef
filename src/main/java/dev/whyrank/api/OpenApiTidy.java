package dev.whyrank.api;

import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.Paths;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.tags.Tag;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * Makes the generated description stable and true. The generator orders by class scanning, repeats the Java type next to
 * alternatives (which in OpenAPI 3.1 excludes them), and writes numeric defaults as strings.
 */
@Component
@Order(Ordered.LOWEST_PRECEDENCE)
final class OpenApiTidy implements OpenApiCustomizer {

    @Override
    public void customise(OpenAPI api) {
        Paths sorted = new Paths();
        new TreeMap<String, PathItem>(api.getPaths()).forEach(sorted::addPathItem);
        api.setPaths(sorted);
        if (api.getTags() != null) {
            api.getTags().sort(Comparator.comparing(Tag::getName));
        }
        tidySchemas(api.getComponents());
    }

    @SuppressWarnings({"rawtypes", "unchecked"}) // the model's own signature
    private static void tidySchemas(Components components) {
        Map<String, Schema> schemas = new TreeMap<>(components.getSchemas());
        schemas.values().forEach(OpenApiTidy::tidy);
        components.setSchemas(schemas);
    }

    private static void tidy(@Nullable Schema<?> schema) {
        if (schema == null) {
            return;
        }
        if (schema.getOneOf() != null && !schema.getOneOf().isEmpty()) {
            schema.set$ref(null);
            schema.setType(null);
            schema.setTypes(null);
            schema.setItems(null);
            schema.setEnum(null);
        }
        if (schema.getDefault() instanceof String text && schema.getMaximum() != null) {
            schema.setDefault(null);
            setDefault(schema, new BigDecimal(text));
        }
        tidy(schema.getItems());
        if (schema.getProperties() != null) {
            schema.getProperties().values().forEach(OpenApiTidy::tidy);
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // a schema of unknown type takes any default
    private static void setDefault(Schema schema, Object value) {
        schema.setDefault(value);
    }
}
