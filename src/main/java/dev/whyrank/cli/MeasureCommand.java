package dev.whyrank.cli;

import dev.whyrank.evaluate.Measure;
import dev.whyrank.evaluate.TrecFiles;
import dev.whyrank.evaluate.TrecTable;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures a run against judgements, in trec_eval's words and numbers. */
@Command(
        name = "measure",
        description = "Measures a TREC run against qrels, as trec_eval does with -c.",
        mixinStandardHelpOptions = true)
final class MeasureCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "RUN", description = "Lines of `qid Q0 docid rank score tag`.")
    private Path run = Path.of("");

    @Parameters(index = "1", paramLabel = "QRELS", description = "Lines of `qid 0 docid grade`, or a BEIR qrels file.")
    private Path qrels = Path.of("");

    @Option(
            names = "-m",
            paramLabel = "MEASURE",
            description = "For instance map, ndcg_cut.10 or P.5,10; may be repeated (default: the common ones).")
    private List<String> measures = List.of();

    @Option(names = "-q", description = "Print every query's values too.")
    private boolean perQuery;

    @Option(
            names = "-c",
            description = "Count queries that the run lacks as 0: always so, accepted for trec_eval's users.")
    private boolean complete;

    @Option(
            names = "--retrieved-only",
            description = "Average over the queries that the run holds: what trec_eval does without -c.")
    private boolean retrievedOnly;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        List<Measure> wanted = measures.isEmpty()
                ? Measure.common()
                : measures.stream()
                        .flatMap(name -> Measure.parse(name).stream())
                        .distinct()
                        .toList();
        boolean common = retrievedOnly && !complete;
        TrecTable table = new TrecTable(TrecFiles.readRun(run), TrecFiles.readQrels(qrels), wanted, common);
        PrintWriter out = spec.commandLine().getOut();
        table.lines(perQuery).forEach(out::println);
        out.flush();
        return 0;
    }
}
