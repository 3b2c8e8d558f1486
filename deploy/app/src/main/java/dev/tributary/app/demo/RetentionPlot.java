package dev.tributary.app.demo;

import dev.tributary.app.demo.DemoReport.Retention;
import dev.tributary.app.demo.DemoReport.TrainingSample;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws training loss over steps above the loss of every retained slice in every version. */
final class RetentionPlot {

  private static final int WIDTH = 1100;
  private static final int HEIGHT = 440;

  void write(DemoReport report, Path file) {
    List<BufferedImage> parts = new ArrayList<>();
    if (!report.training().isEmpty()) {
      parts.add(paint(training(report.training())));
    }
    // Held-out records are a few of each slice, so the told ones show more.
    List<Retention> retained =
        report.retention().stream()
            .filter(row -> row.role().equals("retained") && row.evidence().equals("told"))
            .toList();
    if (!retained.isEmpty()) {
      parts.add(paint(retention(retained)));
    }
    BufferedImage sheet =
        new BufferedImage(WIDTH, HEIGHT * Math.max(1, parts.size()), BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = sheet.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, sheet.getWidth(), sheet.getHeight());
    for (int part = 0; part < parts.size(); part++) {
      graphics.drawImage(parts.get(part), 0, part * HEIGHT, null);
    }
    graphics.dispose();
    try {
      ImageIO.write(sheet, "png", file.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  private static XYChart training(List<TrainingSample> samples) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title("Training: loss of each micro-batch before it is learnt, and the replayed share")
            .xAxisTitle("optimiser step")
            .yAxisTitle("nats per supervised token; share")
            .build();
    chart.getStyler().setYAxisMin(0.0).setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideE);
    List<Long> steps = samples.stream().map(TrainingSample::step).toList();
    chart.addSeries("loss", steps, samples.stream().map(TrainingSample::loss).toList());
    chart
        .addSeries("replayed", steps, samples.stream().map(TrainingSample::replayRatio).toList())
        .setMarker(SeriesMarkers.NONE);
    return chart;
  }

  /** Bars: per retained slice the base, then every candidate that was held to it. */
  private static CategoryChart retention(List<Retention> rows) {
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title("Retention: loss of what was known before, on told records, per candidate")
            .xAxisTitle("retained slice")
            .yAxisTitle("nats per supervised token")
            .build();
    chart.getStyler().setYAxisMin(0.0).setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideE);
    List<String> slices = rows.stream().map(Retention::slice).distinct().sorted().toList();
    Map<String, Map<String, Double>> bars = new LinkedHashMap<>();
    for (Retention row : rows) {
      bars.computeIfAbsent("base", name -> new LinkedHashMap<>())
          .putIfAbsent(row.slice(), row.lossBase());
      bars.computeIfAbsent(row.version(), name -> new LinkedHashMap<>())
          .put(row.slice(), row.lossCandidate());
    }
    bars.forEach(
        (name, losses) ->
            chart.addSeries(
                name,
                slices,
                slices.stream().map(slice -> losses.getOrDefault(slice, 0.0)).toList()));
    return chart;
  }

  private static BufferedImage paint(Chart<?, ?> chart) {
    return BitmapEncoder.getBufferedImage(chart);
  }
}
