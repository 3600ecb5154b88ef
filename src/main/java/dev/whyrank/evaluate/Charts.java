package dev.whyrank.evaluate;

import dev.whyrank.evaluate.CollectionResult.SystemResult;
import dev.whyrank.evaluate.Measure.Kind;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.internal.chartpart.IChart;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws results as PNG files; needs no display. */
final class Charts {

    private static final int WIDTH = 960;
    private static final int HEIGHT = 540;

    static {
        System.setProperty("java.awt.headless", "true");
    }

    private Charts() {}

    /** nDCG at each cutoff, a bar for each system. */
    static void measures(Path file, CollectionResult result) throws IOException {
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(result.name())
                .xAxisTitle("cutoff")
                .yAxisTitle(Kind.NDCG.title())
                .build();
        chart.getStyler().setLegendPosition(LegendPosition.OutsideE).setChartBackgroundColor(Color.WHITE);
        List<String> cutoffs = Measure.CUTOFFS.stream().map(String::valueOf).toList();
        for (Scores scores : result.rows()) {
            List<Double> values = Measure.CUTOFFS.stream()
                    .map(cutoff -> scores.mean(new Measure(Kind.NDCG, cutoff)))
                    .toList();
            chart.addSeries(scores.system(), cutoffs, values);
        }
        save(chart, file);
    }

    /** Each query's gain over the first stage, the largest first, for the principal mode as the reranker ranks. */
    static void differences(Path file, CollectionResult result) throws IOException {
        SystemResult system = result.systems().stream()
                .filter(candidate -> candidate.scoring() == Scoring.FUSED)
                .findFirst()
                .orElseThrow();
        double[] before = result.firstStage().values(Measure.MAIN);
        double[] after = system.scores().values(Measure.MAIN);
        double[] rising = IntStream.range(0, before.length)
                .mapToDouble(i -> after[i] - before[i])
                .sorted()
                .toArray();
        double[] falling = IntStream.range(0, rising.length)
                .mapToDouble(i -> rising[rising.length - 1 - i])
                .toArray();
        XYChart chart = chart(
                system.scores().system() + " against the first stage",
                "queries, by difference",
                Measure.MAIN.title() + " difference");
        chart.getStyler().setLegendVisible(false);
        double[] places =
                IntStream.rangeClosed(1, falling.length).asDoubleStream().toArray();
        if (places.length > 0) {
            chart.addSeries("difference", places, falling).setMarker(SeriesMarkers.CIRCLE);
            chart.addSeries("zero", new double[] {1, places.length}, new double[] {0, 0})
                    .setMarker(SeriesMarkers.NONE);
        }
        save(chart, file);
    }

    /** How often labels of a probability are right; on the diagonal they are as right as they claim. */
    static void reliability(Path file, LabelQuality labels) throws IOException {
        List<Double> confidence = new ArrayList<>();
        List<Double> accuracy = new ArrayList<>();
        labels.bins().stream().filter(bin -> bin.count() > 0).forEach(bin -> {
            confidence.add(bin.confidence());
            accuracy.add(bin.accuracy());
        });
        XYChart chart = chart("Reliability of labels", "label probability", "share of labels that are right");
        chart.getStyler().setLegendPosition(LegendPosition.OutsideS);
        chart.getStyler().setXAxisMin(0.0).setXAxisMax(1.0);
        chart.getStyler().setYAxisMin(0.0).setYAxisMax(1.0);
        chart.addSeries("as right as claimed", List.of(0.0, 1.0), List.of(0.0, 1.0))
                .setMarker(SeriesMarkers.NONE);
        chart.addSeries("measured", confidence, accuracy).setMarker(SeriesMarkers.CIRCLE);
        save(chart, file);
    }

    private static void save(IChart chart, Path file) throws IOException {
        BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        chart.paint(graphics, WIDTH, HEIGHT);
        graphics.dispose();
        ImageIO.write(image, "png", file.toFile());
    }

    private static XYChart chart(String title, String x, String y) {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle(x)
                .yAxisTitle(y)
                .build();
        chart.getStyler().setChartBackgroundColor(Color.WHITE);
        return chart;
    }
}
