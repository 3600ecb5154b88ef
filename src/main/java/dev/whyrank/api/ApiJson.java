package dev.whyrank.api;

import dev.whyrank.rerank.Characters;
import org.springframework.stereotype.Component;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.deser.jdk.StringDeserializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.type.LogicalType;

/**
 * The JSON of the contract. Apart from the application's mapper so that nobody's setting changes the contract: unknown
 * fields are ignored, and a value of the wrong type is an error instead of a guess. A lone surrogate, which JSON can
 * spell and UTF-8 cannot, is read as U+FFFD: echoed, it would break strict clients.
 */
@Component
public final class ApiJson {

    private final JsonMapper mapper = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            // What is echoed keeps its digits; as a double, 1e400 would come back as the string "Infinity".
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .withCoercionConfig(
                    LogicalType.Textual,
                    coercion -> coercion.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
            .withCoercionConfig(
                    LogicalType.Enum, coercion -> coercion.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail))
            .addModule(new SimpleModule("text").addDeserializer(String.class, new WellFormedText()))
            .build();

    private static final class WellFormedText extends StringDeserializer {

        @Override
        public String deserialize(JsonParser parser, DeserializationContext context) {
            return Characters.wellFormed(super.deserialize(parser, context));
        }
    }

    /** For decoders and encoders. */
    public JsonMapper mapper() {
        return mapper;
    }

    /** Serialises a record of the contract. */
    public byte[] bytes(Object value) {
        return mapper.writeValueAsBytes(value);
    }
}
