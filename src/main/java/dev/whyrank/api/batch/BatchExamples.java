package dev.whyrank.api.batch;

/** Bodies shown in the API's description; tests post the request and compare the answers' fields. */
final class BatchExamples {

    private BatchExamples() {}

    /** Two requests; the second lacks its query. */
    static final String BATCH_REQUEST = """
            {"custom_id": "leaves", "query": "Why do leaves turn red in autumn?", "documents": ["Sugars feed the making of anthocyanins.", "Bicycle lanes make cities quieter."]}
            {"custom_id": "nothing", "documents": ["A document."]}
            """;

    /** Its batch. */
    static final String BATCH = """
            {
              "id": "batch_7c0f2a",
              "object": "batch",
              "endpoint": "/v1/rerank",
              "status": "in_progress",
              "created_at": 1767225600,
              "request_counts": {"total": 2, "completed": 0, "failed": 0}
            }
            """;

    /** Its results, the first shortened. */
    static final String BATCH_RESULTS = """
            {"id":"batch_7c0f2a-1","line":1,"custom_id":"leaves","response":{"status_code":200,"request_id":"batch_7c0f2a-1","body":{"id":"batch_7c0f2a-1","object":"rerank","model":"interank-3b","results":[]}}}
            {"id":"batch_7c0f2a-2","line":2,"custom_id":"nothing","response":{"status_code":400,"request_id":"batch_7c0f2a-2","body":{"type":"about:blank","title":"Bad Request","status":400,"detail":"query: must not be blank","code":"invalid_request","message":"query: must not be blank","request_id":"batch_7c0f2a-2","retryable":false,"errors":[{"field":"query","message":"must not be blank"}]}}}
            """;
}
