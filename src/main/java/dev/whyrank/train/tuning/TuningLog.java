package dev.whyrank.train.tuning;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

/** Writes a run down: a JSON line for each step and each look at the dev examples, and a chart. */
public final class TuningLog implements TuningListener {

    private static final Logger LOG = LoggerFactory.getLogger(TuningLog.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SMOOTHED = 20;
    private static final int WIDTH = 900;
    private static final int HEIGHT = 500;

    private final Path lines;
    private final Path chart;
    private final List<double[]> losses = new ArrayList<>();
    private final List<double[]> devLosses = new ArrayList<>();
    private final List<double[]> accuracies = new ArrayList<>();

    /** Writes {@code training.jsonl} and {@code training.png} into a folder; lines of an earlier run are kept. */
    public TuningLog(Path folder) throws IOException {
        Files.createDirectories(folder);
        lines = folder.resolve("training.jsonl");
        chart = folder.resolve("training.png");
    }

    @Override
    public void stepped(Step step) {
        losses.add(new double[] {step.step(), step.loss()});
        write(JSON.createObjectNode()
                .put("step", step.step())
                .put("loss", step.loss())
                .put("gradient_norm", step.norm())
                .put("learning_rate", step.rate())
                .put("tokens_per_second", Math.round(step.tokensPerSecond())));
    }

    @Override
    public void evaluated(Evaluation evaluation) {
        devLosses.add(new double[] {evaluation.step(), evaluation.loss()});
        ObjectNode line = JSON.createObjectNode().put("step", evaluation.step()).put("dev_loss", evaluation.loss());
        if (!Double.isNaN(evaluation.labelAccuracy())) {
            accuracies.add(new double[] {evaluation.step(), evaluation.labelAccuracy()});
            line.put("dev_label_accuracy", evaluation.labelAccuracy());
        }
        write(line);
    }

    private void write(ObjectNode line) {
        try {
            Files.writeString(
                    lines, JSON.writeValueAsString(line) + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Draws this run's steps, if there were any and the machine can draw: a trained model is worth more than its chart. */
    void draw() throws IOException {
        if (losses.isEmpty()) {
            return;
        }
        try {
            paint();
        } catch (LinkageError | InternalError e) {
            LOG.warn("{} could not be drawn: Java needs libfreetype, fontconfig and a font ({})", chart, e.toString());
        }
    }

    private void paint() throws IOException {
        XYChart drawn = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title("Training")
                .xAxisTitle("step")
                .yAxisTitle("loss; share of labels right")
                .build();
        drawn.getStyler().setChartBackgroundColor(Color.WHITE);
        add(drawn, "loss (mean of " + SMOOTHED + " steps)", smoothed(losses));
        add(drawn, "dev loss", devLosses);
        add(drawn, "dev label accuracy behind the teacher's explanation", accuracies);
        BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        drawn.paint(graphics, WIDTH, HEIGHT);
        graphics.dispose();
        ImageIO.write(image, "png", chart.toFile());
    }

    private static List<double[]> smoothed(List<double[]> points) {
        List<double[]> means = new ArrayList<>();
        for (int from = 0; from < points.size(); from += SMOOTHED) {
            List<double[]> part = points.subList(from, Math.min(points.size(), from + SMOOTHED));
            means.add(new double[] {
                part.get(part.size() - 1)[0],
                part.stream().mapToDouble(point -> point[1]).average().orElseThrow()
            });
        }
        return means;
    }

    private static void add(XYChart chart, String name, List<double[]> points) {
        if (!points.isEmpty()) {
            double[] x = points.stream().mapToDouble(point -> point[0]).toArray();
            double[] y = points.stream().mapToDouble(point -> point[1]).toArray();
            chart.addSeries(name, x, y).setMarker(SeriesMarkers.NONE);
        }
    }
}
