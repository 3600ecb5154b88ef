package dev.whyrank.simulate;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import javax.imageio.ImageIO;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;

/** Outcomes side by side: documents a second, and how long requests take, over workers or over slots. */
public final class CapacityChart {

    private static final int WIDTH = 560;
    private static final int HEIGHT = 420;
    /** From this ratio of the largest to the smallest on, axes are logarithmic. */
    private static final double WIDE = 30;

    private final List<Outcome> outcomes;
    private final String axis;
    private final double[] along;
    private final boolean isWide;

    /** The outcomes of a sweep, at least one; the axis is what they differ in. */
    public CapacityChart(List<Outcome> outcomes) {
        this.outcomes = List.copyOf(outcomes);
        boolean bySlots =
                outcomes.stream().mapToInt(Outcome::workers).distinct().count() == 1
                        && outcomes.stream().mapToInt(Outcome::slots).distinct().count() > 1;
        axis = bySlots ? "slots of a worker" : "workers";
        along = values(bySlots ? Outcome::slots : Outcome::workers);
        isWide = Arrays.stream(along).max().orElseThrow()
                > WIDE * Arrays.stream(along).min().orElseThrow();
    }

    /** Writes a PNG. */
    public void draw(Path file) throws IOException {
        BufferedImage image = new BufferedImage(2 * WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        throughput().paint(graphics, WIDTH, HEIGHT);
        graphics.translate(WIDTH, 0);
        latency().paint(graphics, WIDTH, HEIGHT);
        graphics.dispose();
        ImageIO.write(image, "png", file.toFile());
    }

    private XYChart throughput() {
        XYChart chart = chart("Throughput", "documents a second");
        chart.addSeries("documents a second", along, values(Outcome::documentsPerSecond));
        chart.getStyler().setYAxisLogarithmic(isWide).setLegendVisible(false);
        if (!isWide) {
            chart.getStyler().setYAxisMin(0.0);
        }
        return chart;
    }

    private XYChart latency() {
        XYChart chart = chart("Latency", "seconds");
        chart.addSeries(
                "request, p99", along, values(outcome -> outcome.latency().p99()));
        chart.addSeries(
                "request, p95", along, values(outcome -> outcome.latency().p95()));
        chart.addSeries(
                "request, p50", along, values(outcome -> outcome.latency().p50()));
        chart.addSeries(
                "first token, p95",
                along,
                values(outcome -> outcome.firstToken().p95()));
        chart.getStyler().setYAxisMin(0.0).setLegendPosition(LegendPosition.InsideNE);
        return chart;
    }

    private XYChart chart(String title, String unit) {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle(axis)
                .yAxisTitle(unit)
                .build();
        chart.getStyler().setXAxisLogarithmic(isWide).setChartBackgroundColor(Color.WHITE);
        return chart;
    }

    private double[] values(ToDoubleFunction<Outcome> figure) {
        return outcomes.stream().mapToDouble(figure).toArray();
    }
}
