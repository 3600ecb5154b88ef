package dev.whyrank.api.compat;

/** Bodies shown in the API's description; a test posts them. */
final class CompatExamples {

    static final String COHERE = """
            {
              "model": "interank-3b",
              "query": "Why do leaves turn red in autumn?",
              "documents": ["Bicycle lanes make cities quieter.", "Cooling leaves make red anthocyanins."],
              "top_n": 1
            }
            """;

    static final String TEI = """
            {
              "query": "Why do leaves turn red in autumn?",
              "texts": ["Bicycle lanes make cities quieter.", "Cooling leaves make red anthocyanins."],
              "return_text": true
            }
            """;

    static final String SCORE = """
            {
              "text_1": "Why do leaves turn red in autumn?",
              "text_2": ["Bicycle lanes make cities quieter.", "Cooling leaves make red anthocyanins."]
            }
            """;

    private CompatExamples() {}
}
