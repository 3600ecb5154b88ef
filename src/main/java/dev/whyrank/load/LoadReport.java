package dev.whyrank.load;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;

/** What a run found, in words, a table and a chart. Pure, but for the file. */
public final class LoadReport {

    private static final int WIDTH = 520;
    private static final int HEIGHT = 400;
    private static final double RECOVERY_SECONDS = 5;
    private static final double FLAT = 1.1;

    private final LoadRun.Findings findings;

    public LoadReport(LoadRun.Findings findings) {
        this.findings = findings;
    }

    /** A table of phases and what they show. */
    public String markdown() {
        StringBuilder text = new StringBuilder("""
                | times capacity | requests/s | sent | answered | told to come back | broken | documents/s | seconds p50 / p95 / p99 | first words p50 / p95 | back after s | MiB |
                |---|---|---|---|---|---|---|---|---|---|---|
                """);
        row(text, "one at a time", findings.alone(), "-", findings.mebibytes());
        row(text, "as fast as answered", findings.capacity(), "-", findings.mebibytes());
        for (LoadRun.Stage stage : findings.stages()) {
            row(
                    text,
                    format("%.1f", stage.phase().times()),
                    stage.phase(),
                    format("%.1f", stage.recoverySeconds()),
                    stage.mebibytes());
        }
        text.append('\n');
        verdicts().forEach(verdict -> text.append(verdict.line()));
        return text.toString();
    }

    private static void row(StringBuilder text, String name, Phase phase, String recovery, long mebibytes) {
        Phase.Quantiles seconds = phase.seconds();
        Phase.Quantiles words = phase.secondsToFirstWords();
        text.append(format(
                "| %s | %.1f | %d | %d | %d | %d | %.1f | %.2f / %.2f / %.2f | %.2f / %.2f | %s | %s |%n",
                name,
                phase.perSecond(),
                phase.outcomes().size(),
                phase.accepted(),
                phase.refused(),
                phase.broken(),
                phase.documentsPerSecond(),
                seconds.p50(),
                seconds.p95(),
                seconds.p99(),
                words.p50(),
                words.p95(),
                recovery,
                mebibytes < 0 ? "-" : Long.toString(mebibytes)));
    }

    /** Whether everything that is promised under load was kept. */
    public boolean kept() {
        return verdicts().stream().allMatch(Verdict::holds);
    }

    private record Verdict(boolean holds, String promise, String measured) {

        String line() {
            return format("- %s: %s (%s)%n", holds ? "yes" : "**no**", promise, measured);
        }
    }

    private List<Verdict> verdicts() {
        List<LoadRun.Stage> stages = findings.stages();
        long broken = stages.stream().mapToLong(stage -> stage.phase().broken()).sum();
        double slowest = stages.stream()
                .mapToDouble(LoadRun.Stage::recoverySeconds)
                .max()
                .orElse(0);
        long most = stages.stream().mapToLong(LoadRun.Stage::mebibytes).max().orElse(-1);
        List<Verdict> verdicts = new ArrayList<>();
        verdicts.add(new Verdict(
                broken == 0,
                "every request was answered whole, or told when to come back (429, 503 with `Retry-After`)",
                broken + " were not" + firstFault()));
        verdicts.add(new Verdict(
                stages.stream().allMatch(this::inTime),
                "accepted requests took at most 1.5 times what the queue before them takes at full speed",
                queues()));
        verdicts.add(new Verdict(
                slowest <= RECOVERY_SECONDS,
                "a single request is as fast as before within 5 s after the last answer",
                format("%.1f s at most", slowest)));
        if (most >= 0) {
            verdicts.add(new Verdict(
                    most <= FLAT * findings.mebibytes(),
                    "memory stays within a tenth of what capacity took",
                    format("%d MiB, then %d MiB at most", findings.mebibytes(), most)));
        }
        return verdicts;
    }

    /** The time that the fullest queue takes at full speed, and a request's own. */
    private double bound(Phase phase) {
        return LoadRun.RECOVERED
                * (findings.alone().seconds().p95()
                        + phase.mostAtOnce() / findings.capacity().perSecond());
    }

    private boolean inTime(LoadRun.Stage stage) {
        return !(stage.phase().seconds().p95() > bound(stage.phase()));
    }

    private String queues() {
        return String.join(
                "; ",
                findings.stages().stream()
                        .map(stage -> format(
                                "%.1fx: p95 %.1f s, %d at once, bound %.1f s",
                                stage.phase().times(),
                                stage.phase().seconds().p95(),
                                stage.phase().mostAtOnce(),
                                bound(stage.phase())))
                        .toList());
    }

    private String firstFault() {
        return findings.stages().stream()
                .flatMap(stage -> stage.phase().outcomes().stream())
                .filter(Outcome::broken)
                .findFirst()
                .map(outcome -> ", the first with status " + outcome.status() + " " + outcome.fault())
                .orElse("");
    }

    /** Draws answers and latencies over the multiples, as PNG. */
    public void draw(Path file) throws IOException {
        System.setProperty("java.awt.headless", "true");
        BufferedImage image = new BufferedImage(2 * WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        CategoryChart answers = chart("What became of requests", "requests per second of the phase", true);
        add(answers, "answered", phase -> perSecond(phase, phase.accepted()));
        add(answers, "told to come back", phase -> perSecond(phase, phase.refused()));
        add(answers, "broken", phase -> perSecond(phase, phase.broken()));
        answers.paint(graphics, WIDTH, HEIGHT);
        graphics.translate(WIDTH, 0);
        CategoryChart seconds = chart("Latency of accepted requests", "seconds", false);
        add(seconds, "p50", phase -> phase.seconds().p50());
        add(seconds, "p95", phase -> phase.seconds().p95());
        add(seconds, "p99", phase -> phase.seconds().p99());
        add(seconds, "first words, p95", phase -> phase.secondsToFirstWords().p95());
        seconds.paint(graphics, WIDTH, HEIGHT);
        graphics.dispose();
        ImageIO.write(image, "png", file.toFile());
    }

    private static double perSecond(Phase phase, long requests) {
        return phase.perSecond() * requests / phase.outcomes().size();
    }

    private CategoryChart chart(String title, String unit, boolean stacked) {
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle("times capacity")
                .yAxisTitle(unit)
                .build();
        chart.getStyler().setStacked(stacked).setChartBackgroundColor(Color.WHITE);
        chart.getStyler().setXAxisMaxLabelCount(findings.stages().size());
        return chart;
    }

    private void add(CategoryChart chart, String name, ToDoubleFunction<Phase> figure) {
        List<Phase> phases =
                findings.stages().stream().map(LoadRun.Stage::phase).toList();
        List<String> along =
                phases.stream().map(phase -> format("%.1f", phase.times())).toList();
        List<Double> values = IntStream.range(0, phases.size())
                .mapToObj(i -> finite(figure.applyAsDouble(phases.get(i))))
                .toList();
        chart.addSeries(name, along, values);
    }

    private static double finite(double value) {
        return Double.isFinite(value) ? value : 0;
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
