package dev.whyrank.broken.generate;

import dev.whyrank.broken.model.Plain;
import tools.jackson.databind.ObjectMapper;

/** Breaks nothing by itself. */
public class Machine {

    /** Whatever. */
    public ObjectMapper mapper() {
        return new ObjectMapper();
    }

    Plain plain() {
        return new Plain(1);
    }
}
