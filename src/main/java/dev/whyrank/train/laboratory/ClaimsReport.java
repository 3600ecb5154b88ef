package dev.whyrank.train.laboratory;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import javax.imageio.ImageIO;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;

/** The claims as tables in Markdown and as a chart. */
public final class ClaimsReport {

    private static final int WIDTH = 960;
    private static final int HEIGHT = 480;

    private final Claims claims;

    public ClaimsReport(Claims claims) {
        this.claims = claims;
    }

    /** Both tables. */
    public String markdown() {
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                "%s, %d documents in each test set; 95%% intervals by resampling documents (questions for nDCG).%n%n",
                claims.runs() == 1 ? "One seed" : claims.runs() + " seeds",
                claims.pairs()));
        text.append("| claim | asked | measured | holds |\n|---|---|---|---|\n");
        claims.claims()
                .forEach(claim -> text.append(String.format(
                        "| %s | %s | %s | %s |%n",
                        claim.text(), claim.asked(), claim.measured(), claim.holds() ? "yes" : "**no**")));
        text.append("\n| model | processor minutes | labels right | derivations right | labels right, one link longer")
                .append(" | expected label over label, nDCG@10 |\n|---|---|---|---|---|---|\n");
        for (Arm arm : Arm.values()) {
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %s | %s | %s | %s | %s |%n",
                    arm.title(),
                    minutes(claims.processor(arm)),
                    claims.labels(arm, ExamPaper.TEST),
                    arm.explains() ? claims.derivations(arm, ExamPaper.TEST).toString() : "-",
                    claims.labels(arm, ExamPaper.LONGER),
                    claims.expectedGain(arm, ExamPaper.TEST).signed()));
        }
        return text.toString();
    }

    private static String minutes(Duration processor) {
        return processor.isZero() ? "not known" : String.format(Locale.ROOT, "%.1f", processor.toMillis() / 60_000.0);
    }

    /** Labels right, a bar for each model and test set, as PNG. */
    public void draw(Path file) throws IOException {
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title("Labels right in the laboratory, with 95% intervals")
                .yAxisTitle("share of documents")
                .build();
        chart.getStyler().setYAxisMin(0.0).setYAxisMax(1.0).setChartBackgroundColor(Color.WHITE);
        add(chart, "trained lengths", ExamPaper.TEST, new Color(0x1f5f99));
        add(chart, "one link longer", ExamPaper.LONGER, new Color(0xf0a63c));
        BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        chart.paint(graphics, WIDTH, HEIGHT);
        graphics.dispose();
        ImageIO.write(image, "png", file.toFile());
    }

    private void add(CategoryChart chart, String name, ExamPaper paper, Color color) {
        chart.addSeries(
                        name,
                        Arrays.stream(Arm.values()).map(Arm::id).toList(),
                        each(paper, Interval::mean),
                        each(paper, interval -> (interval.high() - interval.low()) / 2))
                .setFillColor(color);
    }

    private List<Double> each(ExamPaper paper, ToDoubleFunction<Interval> value) {
        return Arrays.stream(Arm.values())
                .map(arm -> value.applyAsDouble(claims.labels(arm, paper)))
                .toList();
    }
}
