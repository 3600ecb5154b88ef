package dev.whyrank.cli;

import dev.whyrank.model.InvalidInputException;
import dev.whyrank.simulate.Arrivals;
import dev.whyrank.simulate.Deployment;
import dev.whyrank.simulate.Size;
import dev.whyrank.simulate.Traffic;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say what is simulated. */
final class SimulateOptions {

    private static final String NUMBER = "(\\d+(?:\\.\\d+)?)";
    private static final Pattern FAILURE = Pattern.compile(NUMBER + "@" + NUMBER + "(?:\\+" + NUMBER + ")?");

    @Option(
            names = "--arrivals",
            defaultValue = "poisson",
            description = "poisson, constant, burst:N, closed:N clients.")
    private String arrivals = "poisson";

    @Option(names = "--rate", description = "Requests a second in all.")
    private @Nullable Double rate;

    @Option(names = "--rate-per-worker", description = "Requests a second for each worker, in place of --rate.")
    private @Nullable Double ratePerWorker;

    @Option(names = "--requests", defaultValue = "5000", description = "Requests in all (default: 5000).")
    private int requests;

    @Option(
            names = "--seconds",
            description = "As many requests as come in this time at the rate, in place of --requests.")
    private @Nullable Double seconds;

    @Option(
            names = "--docs",
            defaultValue = "20",
            description = "Documents of a request (default: 20); as all sizes"
                    + " a number, a range such as 10..30, or median~spread<most.")
    private String documents = "20";

    @Option(names = "--question", defaultValue = "100", description = "Tokens that its prompts share (default: 100).")
    private String question = "100";

    @Option(names = "--doc", defaultValue = "200", description = "Tokens of a document (default: 200).")
    private String document = "200";

    @Option(
            names = "--explanation",
            defaultValue = "96~0.4<256",
            description = "Tokens written for a document, its" + " label included (default: 96~0.4<256).")
    private String explanation = "96~0.4<256";

    @Option(names = "--explanation-limit", defaultValue = "512", description = "Most of them (default: 512).")
    private int explanationLimit;

    @Option(names = "--bulk", defaultValue = "0", description = "Share of requests in the bulk lane (default: 0).")
    private double bulk;

    @Option(names = "--deadline", paramLabel = "SECONDS", defaultValue = "Infinity", description = "Of each request.")
    private double deadline;

    @Option(names = "--seed", defaultValue = "1", description = "Of all chance (default: 1).")
    private long seed;

    @Option(names = "--token-budget", defaultValue = "512", description = "Most tokens of a step (default: 512).")
    private int tokenBudget;

    @Option(names = "--task-documents", defaultValue = "8", description = "Most documents of a task (default: 8).")
    private int taskDocuments;

    @Option(names = "--in-process", description = "One process without tasks and hops.")
    private boolean inProcess;

    @Option(
            names = "--queue-tokens",
            defaultValue = "1000000",
            description = "Estimated tokens accepted at once, for" + " each worker (default: 1000000).")
    private long queueTokens;

    @Option(
            names = "--hop",
            paramLabel = "MS",
            defaultValue = "1",
            description = "Milliseconds between gateway and" + " worker, each way (default: 1).")
    private double hop;

    @Option(
            names = "--idle",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "After which a dead worker's" + " tasks are handed on (default: 10).")
    private double idle;

    @Option(
            names = "--fail",
            paramLabel = "SHARE@SECONDS[+DOWN]",
            description =
                    "A share of the workers dies at a time," + " and is back after DOWN seconds; may be repeated.")
    private List<String> failures = List.of();

    /** The traffic for so many workers. */
    Traffic traffic(int workers) {
        Arrivals kind = Arrivals.parse(arrivals);
        boolean closed = kind.kind() == Arrivals.Kind.CLOSED;
        if (closed && seconds != null) {
            throw new InvalidInputException("--seconds needs a rate; give --requests with --arrivals closed:N");
        }
        double perSecond = closed ? 0 : rate(workers);
        return new Traffic(
                kind,
                perSecond,
                seconds == null ? requests : (int) Math.min(Integer.MAX_VALUE, Math.round(perSecond * seconds)),
                size("--docs", documents),
                size("--question", question),
                size("--doc", document),
                size("--explanation", explanation),
                explanationLimit,
                bulk,
                deadline,
                seed);
    }

    private double rate(int workers) {
        if ((rate == null) == (ratePerWorker == null)) {
            throw new InvalidInputException("give either --rate or --rate-per-worker, or --arrivals closed:N");
        }
        return rate != null ? rate : workers * (ratePerWorker == null ? 0 : ratePerWorker);
    }

    private static Size size(String option, String text) {
        try {
            return Size.parse(text);
        } catch (InvalidInputException e) {
            throw new InvalidInputException(option + ": " + e.getMessage(), e);
        }
    }

    /** A deployment. */
    Deployment deployment(int workers, int slots) {
        List<Deployment.Failure> parsed = new ArrayList<>();
        for (String failure : failures) {
            Matcher matcher = FAILURE.matcher(failure);
            if (!matcher.matches()) {
                throw new InvalidInputException(
                        "--fail '" + failure + "' is none; give for instance 0.33@600 or 0.33@600+60");
            }
            String down = matcher.group(3);
            parsed.add(new Deployment.Failure(
                    Double.parseDouble(matcher.group(1)),
                    Double.parseDouble(matcher.group(2)),
                    down == null ? Double.POSITIVE_INFINITY : Double.parseDouble(down)));
        }
        return new Deployment(
                workers,
                slots,
                Math.max(tokenBudget, slots),
                inProcess ? 0 : taskDocuments,
                queueTokens,
                inProcess ? 0 : hop,
                idle,
                parsed);
    }
}
