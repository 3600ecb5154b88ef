package dev.whyrank.broken.model;

import dev.whyrank.broken.generate.Machine;

/** Breaks: model looks up, and with {@link Machine} makes a cycle; it also uses a library. */
class SeesGenerate {

    tools.jackson.databind.ObjectMapper mapper(Machine machine) {
        return machine.mapper();
    }
}
