package dev.whyrank.cli;

import dev.whyrank.load.Caller;
import dev.whyrank.load.LoadReport;
import dev.whyrank.load.LoadRun;
import dev.whyrank.load.Manner;
import dev.whyrank.load.Outcome;
import dev.whyrank.load.Sample;
import dev.whyrank.model.InvalidInputException;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code whyrank load}: what a running service does under load and overload. */
@Command(
        name = "load",
        mixinStandardHelpOptions = true,
        description = {
            "Puts load on a running service: measures its capacity, then sends at constant rates of so many times that,",
            "sizes mixed, some clients slow, some leaving. Prints a table and whether what is promised was kept."
        })
final class LoadCommand implements Callable<Integer> {

    private static final List<Integer> DOCUMENTS = List.of(1, 4, 16, 24);
    private static final List<Integer> WORDS = List.of(20, 60, 120);
    private static final int QUESTION = 12;
    private static final int UNAUTHORIZED = 401;

    @Option(names = "--url", paramLabel = "URL", description = "Of the service (default: http://localhost:8080).")
    private URI url = URI.create("http://localhost:8080");

    @Option(names = "--api-key", paramLabel = "KEY", description = "If it asks for one.")
    private @Nullable String key;

    @Option(
            names = "--times",
            split = ",",
            paramLabel = "X",
            description = "Multiples of the capacity, one phase each (default: 0.5,1,2,10).")
    private List<Double> times = List.of(0.5, 1.0, 2.0, 10.0);

    @Option(names = "--seconds", paramLabel = "N", description = "Of each phase (default: 30).")
    private int seconds = 30;

    @Option(names = "--gen", paramLabel = "N", description = "Most tokens of an explanation (default: 32).")
    private int gen = 32;

    @Option(names = "--slow", paramLabel = "S", description = "Share of clients that read slowly (default: 0.1).")
    private double slow = 0.1;

    @Option(names = "--leave", paramLabel = "S", description = "Share of clients that leave early (default: 0.1).")
    private double leave = 0.1;

    @Option(names = "--seed", paramLabel = "N", description = "Of sizes and manners (default: 1).")
    private long seed = 1;

    @Option(names = "--pid", paramLabel = "N", description = "The service's process, on this machine, for its memory.")
    private @Nullable Long pid;

    @Option(names = "--patience", paramLabel = "S", description = "Longest wait for an answer (default: 600).")
    private int patience = 600;

    @Option(names = "--chart", paramLabel = "FILE", description = "Also draws the phases, as PNG.")
    private @Nullable Path chart;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Ends with 1 if a promise was broken. */
    @Override
    public Integer call() throws InterruptedException {
        check();
        PrintWriter progress = spec.commandLine().getErr();
        Caller caller = new Caller(url, key, Duration.ofSeconds(patience), this::sample);
        knock(caller);
        LoadRun run = new LoadRun(caller, this::mebibytes, stage -> {
            progress.println(stage);
            progress.flush();
        });
        LoadReport report = new LoadReport(run.run(times, Duration.ofSeconds(seconds)));
        PrintWriter console = spec.commandLine().getOut();
        console.print(report.markdown());
        console.flush();
        draw(report);
        return report.kept() ? 0 : 1;
    }

    private void check() {
        if (seconds < 1 || gen < 1 || patience < 1 || slow < 0 || leave < 0 || slow + leave > 1) {
            throw new InvalidInputException("--seconds, --gen and --patience must be 1 or more; --slow and --leave are"
                    + " shares that add up to 1 at most");
        }
        if (times.isEmpty() || times.stream().anyMatch(multiple -> !(multiple > 0))) {
            throw new InvalidInputException("--times must be numbers above 0, such as 0.5,1,2,10");
        }
        if (url.getScheme() == null || url.getHost() == null) {
            throw new InvalidInputException(url + ": is no address of a service; give --url http://HOST:PORT");
        }
        if (pid != null && mebibytes() < 0) {
            throw new InvalidInputException("--pid " + pid + ": its memory cannot be read here; give the service's"
                    + " process on this machine, or leave --pid out");
        }
    }

    /** One request, so that what is wrong with all of them is said once. */
    private void knock(Caller caller) {
        Outcome outcome = caller.knock();
        if (outcome.status() == 0) {
            throw new InvalidInputException(url + ": no service answers there; start one, or give another --url");
        }
        if (outcome.status() == UNAUTHORIZED) {
            throw new InvalidInputException(url + ": asks for an API key; give --api-key, one without a pace");
        }
        if (!outcome.whole()) {
            throw new InvalidInputException(url + ": answers a request for reranking with status " + outcome.status()
                    + " and no whole stream; give the --url of a whyrank service that is ready");
        }
    }

    private long mebibytes() {
        return pid == null ? -1 : ProcessMemory.anonymousMebibytes(pid.toString());
    }

    /** The same requests at every run with the same seed. */
    private Sample sample(int number) {
        Random random = new Random(seed * 1_000_003 + number);
        int documents = DOCUMENTS.get(random.nextInt(DOCUMENTS.size()));
        int words = WORDS.get(random.nextInt(WORDS.size()));
        double manner = random.nextDouble();
        BenchRequests requests = new BenchRequests(documents, QUESTION, words, gen, true);
        return new Sample(
                requests.body(number),
                documents,
                manner < slow ? Manner.LAGS : manner < slow + leave ? Manner.LEAVES : Manner.READS);
    }

    private void draw(LoadReport report) {
        if (chart != null) {
            try {
                report.draw(chart);
            } catch (IOException e) {
                throw new InvalidInputException(chart + ": cannot be written; give another --chart", e);
            }
        }
    }
}
