package dev.whyrank.broken.rerank;

import reactor.core.publisher.Mono;

/** Breaks: the request's life knows no Reactor. */
class SpeaksReactor {

    Mono<String> answer() {
        return Mono.just("");
    }
}
