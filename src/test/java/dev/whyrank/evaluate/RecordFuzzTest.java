package dev.whyrank.evaluate;

import dev.whyrank.fuzz.Corpus;
import dev.whyrank.fuzz.Fuzzed;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ArgumentsSource;

/** Any bytes as records: as a collection, as labelled questions, and as what has labels or not. */
public class RecordFuzzTest {

    public static void fuzzerTestOneInput(byte[] input) {
        Fuzzed.file("fuzz.jsonl", input, file -> RecordReader.read("fuzz", file));
        Fuzzed.file("fuzz.jsonl", input, file -> LabelledRecords.read(file, RecordFuzzTest::requireUsable));
        Fuzzed.file("fuzz.jsonl", input, RecordReader::hasLabels);
    }

    private static boolean requireUsable(String question, List<String> documents, List<Integer> labels) {
        if (question.isBlank() || documents.isEmpty() || documents.size() != labels.size()) {
            throw new AssertionError("let through: " + question + documents + labels);
        }
        return true;
    }

    @ParameterizedTest
    @ArgumentsSource(Corpus.class)
    void standsItsCorpus(byte[] input) {
        fuzzerTestOneInput(input);
    }
}
