package dev.whyrank.evaluate;

import dev.whyrank.fuzz.Corpus;
import dev.whyrank.fuzz.Fuzzed;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ArgumentsSource;

/** Any bytes as a run and as judgements. */
public class TrecFuzzTest {

    public static void fuzzerTestOneInput(byte[] input) {
        Fuzzed.file("fuzz.trec", input, TrecFuzzTest::readRun);
        Fuzzed.file("fuzz.trec", input, TrecFuzzTest::readQrels);
    }

    private static void readRun(Path file) {
        Run run = TrecFiles.readRun(file);
        for (String query : run.results().keySet()) {
            List<Run.Scored> ranked = run.ranked(query);
            for (int i = 1; i < ranked.size(); i++) {
                if ((float) ranked.get(i - 1).score() < (float) ranked.get(i).score()) {
                    throw new AssertionError("not ranked: " + ranked);
                }
            }
        }
    }

    private static void readQrels(Path file) {
        Qrels qrels = TrecFiles.readQrels(file);
        qrels.graded();
        Run none = new Run(java.util.Map.of());
        new TrecTable(none, qrels, Measure.common(), false).lines(true);
    }

    @ParameterizedTest
    @ArgumentsSource(Corpus.class)
    void standsItsCorpus(byte[] input) {
        fuzzerTestOneInput(input);
    }
}
