package dev.whyrank.evaluate;

import dev.whyrank.evaluate.CollectionResult.SystemResult;
import dev.whyrank.evaluate.Measure.Kind;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.internal.chartpart.IChart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws results as PNG files; needs no display. */
final class Charts {

    private static final int WIDTH = 960;
    private static final int HEIGHT = 540;

    private static final Color QUIET = new Color(0x8a8f98);
    /** A hue for each mode, told apart by the colour-blind too, and a shade for each scoring, the darkest last. */
    private static final List<Map<Scoring, Color>> SHADES = List.of(
            shades(new Color(0xb9d6ee), new Color(0x6fa8dc), new Color(0x1f5f99)),
            shades(new Color(0xfbd9a5), new Color(0xf0a63c), new Color(0xb06a00)));

    private static final Color POINTS = new Color(0x1f5f99);

    static {
        System.setProperty("java.awt.headless", "true");
    }

    private Charts() {}

    private static Map<Scoring, Color> shades(Color hard, Color expected, Color fused) {
        return Map.of(Scoring.HARD, hard, Scoring.EXPECTED, expected, Scoring.FUSED, fused);
    }

    /** nDCG at each cutoff, a bar for each system. */
    static void measures(Path file, CollectionResult result) throws IOException {
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(result.name())
                .xAxisTitle("cutoff")
                .yAxisTitle(Kind.NDCG.title())
                .build();
        chart.getStyler().setAvailableSpaceFill(0.85).setPlotGridVerticalLinesVisible(false);
        chart.getStyler().setYAxisMin(0.0);
        plain(chart.getStyler());
        chart.getStyler().setLegendPosition(LegendPosition.OutsideE).setLegendLayout(LegendLayout.Vertical);
        List<String> cutoffs = Measure.CUTOFFS.stream().map(String::valueOf).toList();
        chart.addSeries("first stage", cutoffs, ndcg(result.firstStage())).setFillColor(QUIET);
        List<Mode> modes =
                result.modes().stream().map(CollectionResult.ModeResult::mode).toList();
        for (SystemResult system : result.systems()) {
            Map<Scoring, Color> shades = SHADES.get(modes.indexOf(system.mode()) % SHADES.size());
            chart.addSeries(system.scores().system(), cutoffs, ndcg(system.scores()))
                    .setFillColor(shades.getOrDefault(system.scoring(), QUIET));
        }
        save(chart, file);
    }

    private static List<Double> ndcg(Scores scores) {
        return Measure.CUTOFFS.stream()
                .map(cutoff -> scores.mean(new Measure(Kind.NDCG, cutoff)))
                .toList();
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
            guide(chart.addSeries("zero", new double[] {1, places.length}, new double[] {0, 0}));
            points(chart.addSeries("difference", places, falling)).setLineStyle(SeriesLines.NONE);
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
        chart.getStyler().setXAxisMin(0.0).setXAxisMax(1.0);
        chart.getStyler().setYAxisMin(0.0).setYAxisMax(1.0);
        guide(chart.addSeries("as right as claimed", List.of(0.0, 1.0), List.of(0.0, 1.0)));
        points(chart.addSeries("measured", confidence, accuracy));
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
        chart.getStyler().setMarkerSize(7);
        plain(chart.getStyler());
        return chart;
    }

    /** Data stands out, everything else stays back. */
    private static void plain(AxesChartStyler styler) {
        styler.setYAxisDecimalPattern("0.00")
                .setAxisTitleFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13))
                .setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12))
                .setPlotGridLinesColor(new Color(0xe3e5e8))
                .setAxisTickMarksColor(QUIET);
        styler.setPlotBorderVisible(false)
                .setLegendPosition(LegendPosition.OutsideS)
                .setLegendLayout(LegendLayout.Horizontal)
                .setLegendBorderColor(Color.WHITE)
                .setChartBackgroundColor(Color.WHITE)
                .setChartTitlePadding(12);
    }

    private static void guide(XYSeries series) {
        series.setMarker(SeriesMarkers.NONE).setLineStyle(SeriesLines.DASH_DASH).setLineColor(QUIET);
    }

    private static XYSeries points(XYSeries series) {
        series.setMarker(SeriesMarkers.CIRCLE).setMarkerColor(POINTS).setLineColor(POINTS);
        return series;
    }
}
