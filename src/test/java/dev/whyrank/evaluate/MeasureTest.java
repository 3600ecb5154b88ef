package dev.whyrank.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.whyrank.evaluate.Measure.Kind;
import dev.whyrank.evaluate.Run.Scored;
import dev.whyrank.model.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MeasureTest {

    private static final Path RUN = Path.of("src/test/resources/evaluate/fixture.run");
    private static final Path QRELS = Path.of("src/test/resources/evaluate/fixture.qrels");

    private final Run run = TrecFiles.readRun(RUN);
    private final Qrels qrels = TrecFiles.readQrels(QRELS);

    /** The fixture has ties, unjudged documents, negative grades, a query without relevant ones and a missing one. */
    @Test
    void agreesWithAnIndependentImplementationOnEveryQueryOfTheFixture() throws IOException {
        NaiveMeasures naive = new NaiveMeasures(Files.readAllLines(RUN), Files.readAllLines(QRELS));
        Map<String, List<String>> rankings = new LinkedHashMap<>();
        qrels.queryIds()
                .forEach(id -> rankings.put(
                        id, run.ranked(id).stream().map(Scored::documentId).toList()));
        Map<Kind, String> names = Map.of(
                Kind.NDCG, "ndcg",
                Kind.MAP, "map",
                Kind.RECALL, "recall",
                Kind.PRECISION, "P",
                Kind.SUCCESS, "success");
        names.forEach((kind, name) -> {
            for (int cutoff : Measure.CUTOFFS) {
                Scores scores = Scores.of("run", List.of(new Measure(kind, cutoff)), rankings, qrels);
                scores.perQuery()
                        .forEach((id, values) -> assertThat(values[0])
                                .as("%s@%d of %s", name, cutoff, id)
                                .isCloseTo(naive.value(id, name, cutoff), within(1e-9)));
                assertThat(scores.mean(new Measure(kind, cutoff))).isCloseTo(naive.mean(name, cutoff), within(1e-9));
            }
        });
        List<Measure> whole = List.of(Measure.MRR, new Measure(Kind.R_PRECISION, Measure.ALL));
        Scores scores = Scores.of("run", whole, rankings, qrels);
        assertThat(scores.mean(whole.get(0))).isCloseTo(naive.mean("recip_rank", 0), within(1e-9));
        assertThat(scores.mean(whole.get(1))).isCloseTo(naive.mean("Rprec", 0), within(1e-9));
    }

    @Test
    void fixtureHasTheHardCases() {
        assertThat(run.results()).doesNotContainKey("q6").containsKey("q99");
        assertThat(qrels.of("q4").values()).allMatch(grade -> grade <= 0);
        assertThat(qrels.of("q1").values()).contains(-1, 2, 3);
        assertThat(run.ranked("q2").stream().map(Scored::score).distinct().count())
                .isLessThan(run.ranked("q2").size());
    }

    @Test
    void ndcgUsesLinearGains() {
        JudgedRanking ranking = JudgedRanking.of(List.of("a", "b", "c"), Map.of("a", 1, "c", 3, "d", 2));
        double found = 1 + 3 / 2.0;
        double best = 3 + 2 / (Math.log(3) / Math.log(2)) + 1 / 2.0;
        assertThat(new Measure(Kind.NDCG, 10).of(ranking)).isCloseTo(found / best, within(1e-12));
    }

    @Test
    void tiesFallByDocumentIdAndAreDecidedInThirtyTwoBits() {
        Run tied = new Run(Map.of(
                "q",
                List.of(
                        new Scored("a", 1.0),
                        new Scored("c", 1.0 + 1e-9),
                        new Scored("b", 1.0),
                        new Scored("z", 0.5))));
        assertThat(tied.ranked("q")).extracting(Scored::documentId).containsExactly("c", "b", "a", "z");
    }

    @Test
    void bprefCountsJudgedNonRelevantDocumentsAboveRelevantOnes() {
        JudgedRanking ranking = JudgedRanking.of(
                List.of("n1", "r1", "u", "n2", "r2", "m"),
                Map.of("n1", 0, "n2", 0, "n3", 0, "r1", 1, "r2", 2, "m", -1));
        assertThat(new Measure(Kind.BPREF, Measure.ALL).of(ranking)).isCloseTo((0.5 + 0) / 2, within(1e-12));
    }

    @Test
    void readsTheNamesOfTrecEval() {
        assertThat(Measure.parse("ndcg_cut.10")).containsExactly(new Measure(Kind.NDCG, 10));
        assertThat(Measure.parse("nDCG@10")).containsExactly(new Measure(Kind.NDCG, 10));
        assertThat(Measure.parse("ndcg")).containsExactly(new Measure(Kind.NDCG, Measure.ALL));
        assertThat(Measure.parse("P.5,10"))
                .containsExactly(new Measure(Kind.PRECISION, 5), new Measure(Kind.PRECISION, 10));
        assertThat(Measure.parse("recall_100")).containsExactly(new Measure(Kind.RECALL, 100));
        assertThat(Measure.parse("map_cut")).hasSize(Measure.CUTOFFS.size());
        assertThat(Measure.parse("Rprec")).extracting(Measure::name).containsExactly("Rprec");
        assertThatThrownBy(() -> Measure.parse("fame.3"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("fame.3");
        assertThatThrownBy(() -> Measure.parse("P.0")).isInstanceOf(InvalidInputException.class);
    }
}
