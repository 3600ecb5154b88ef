package dev.whyrank.api;

import dev.whyrank.rerank.Characters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** What a client hangs on a document, to be echoed: whole characters here, too. */
final class Metadata {

    private Metadata() {}

    /**
     * The same with each half of a character that stands alone replaced by U+FFFD. In names the parser refuses it; the
     * parser limits the nesting, too.
     */
    static JsonNode wellFormed(JsonNode value) {
        if (value.isString()) {
            return StringNode.valueOf(Characters.wellFormed(value.stringValue()));
        }
        if (value.isArray()) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode(value.size());
            value.forEach(element -> array.add(wellFormed(element)));
            return array;
        }
        if (value.isObject()) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            value.forEachEntry((name, element) -> object.set(name, wellFormed(element)));
            return object;
        }
        return value;
    }
}
