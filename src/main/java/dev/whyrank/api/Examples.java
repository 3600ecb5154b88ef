package dev.whyrank.api;

/** Bodies shown in the API's description; tests post the requests and compare the answers' fields. */
public final class Examples {

    private Examples() {}

    /** A request with everything that is commonly set. */
    public static final String RERANK_REQUEST = """
            {
              "query": "Why do leaves turn red in autumn?",
              "documents": [
                "Bicycle lanes make cities quieter.",
                {
                  "id": "leaf-1",
                  "title": "Anthocyanins",
                  "text": "Sugars trapped in cooling leaves feed the making of red anthocyanins.",
                  "score": 12.5,
                  "metadata": {"source": "botany"}
                }
              ],
              "top_n": 2,
              "return_documents": false,
              "explain": true,
              "max_explanation_tokens": 256
            }
            """;

    /** Its answer. */
    public static final String RERANK_RESPONSE = """
            {
              "id": "5a0f1c2e",
              "object": "rerank",
              "model": "interank-3b",
              "results": [
                {
                  "index": 1,
                  "id": "leaf-1",
                  "relevance_score": 0.97,
                  "model_score": 0.96,
                  "label": 2,
                  "labels": [0, 1, 2],
                  "label_probabilities": [0.01, 0.06, 0.93],
                  "label_source": "stated",
                  "explanation": "The document names the pigment and says what makes leaves produce it.",
                  "explanation_kind": "reasoning",
                  "finish_reason": "stop",
                  "truncated": false,
                  "metadata": {"source": "botany"},
                  "usage": {"prompt_tokens": 118, "cached_tokens": 64, "completion_tokens": 41, "total_tokens": 159, "cache_hits": 0}
                }
              ],
              "usage": {"prompt_tokens": 221, "cached_tokens": 64, "completion_tokens": 79, "total_tokens": 300, "cache_hits": 0},
              "meta": {
                "billed_units": {"search_units": 1},
                "tokens": {"input_tokens": 221, "output_tokens": 79},
                "warnings": []
              },
              "timings": {"queue_ms": 0.4, "first_token_ms": 61.0, "total_ms": 912.7}
            }
            """;

    /** A stream, shortened. */
    public static final String RERANK_EVENTS = """
            id: 1
            event: rerank.started
            data: {"id":"5a0f1c2e","model":"interank-3b","documents":1,"queue_position":0}

            id: 2
            event: document.started
            data: {"index":0,"prompt_tokens":118,"cached_tokens":0,"truncated":false}

            id: 3
            event: explanation.delta
            data: {"index":0,"seq":0,"delta":"The document names the pigment"}

            id: 4
            event: document.completed
            data: {"index":0,"rank":1,"relevance_score":0.97,"model_score":0.97,"label":2}

            id: 5
            event: rerank.completed
            data: {"id":"5a0f1c2e","object":"rerank","model":"interank-3b","results":[]}

            """;

    /** A question. */
    static final String QUERIES_REQUEST = """
            {"question": "Why do leaves turn red in autumn?", "max_queries": 2}
            """;

    /** What to search for. */
    static final String QUERIES_RESPONSE = """
            {
              "id": "5a0f1c2e",
              "object": "queries",
              "model": "interank-3b",
              "queries": ["anthocyanin synthesis in cooling leaves", "chlorophyll breakdown in autumn"],
              "usage": {"prompt_tokens": 71, "completion_tokens": 24, "total_tokens": 95}
            }
            """;

    /** A refusal. */
    public static final String PROBLEM = """
            {
              "type": "about:blank",
              "title": "Bad Request",
              "status": 400,
              "detail": "query: must not be blank",
              "code": "invalid_request",
              "message": "query: must not be blank",
              "request_id": "5a0f1c2e",
              "retryable": false,
              "errors": [{"field": "query", "message": "must not be blank"}]
            }
            """;
}
