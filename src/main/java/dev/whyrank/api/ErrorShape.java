package dev.whyrank.api;

import org.springframework.http.MediaType;
import org.springframework.web.server.ServerWebExchange;

/** How a path's clients expect an error to look. Paths that no shape claims answer problem details. */
public interface ErrorShape {

    /** Whether this shape is the one for an exchange. */
    boolean speaks(ServerWebExchange exchange);

    /** The body, for Jackson. */
    Object body(Problem problem, ServerWebExchange exchange);

    /** Its media type. */
    default MediaType mediaType() {
        return MediaType.APPLICATION_JSON;
    }
}
