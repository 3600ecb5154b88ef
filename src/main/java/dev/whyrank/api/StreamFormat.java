package dev.whyrank.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How a stream spells its events. */
enum StreamFormat {
    /** Named events that carry everything. */
    @JsonProperty("whyrank")
    WHYRANK,
    /** Chat completion chunks, for clients that know how to show a model's reasoning. */
    @JsonProperty("openai")
    OPENAI
}
