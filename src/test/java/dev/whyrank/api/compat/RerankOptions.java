package dev.whyrank.api.compat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.rerank.RerankRequest;

/** What the compatible paths must ask the reranker for. */
final class RerankOptions {

    private RerankOptions() {}

    static void requireScoreOnly(RerankRequest request, boolean truncate) {
        assertThat(request.options().explain()).isFalse();
        assertThat(request.options().truncate()).isEqualTo(truncate);
        assertThat(request.options().instruction()).isNull();
    }
}
