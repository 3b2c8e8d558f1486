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
import java.util.TreeSet;
import javax.imageio.ImageIO;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws training loss over time above the held-out loss of every slice in every version. */
final class RetentionPlot {

  private static final int WIDTH = 1100;
  private static final int HEIGHT = 440;

  void write(DemoReport report, Path file) {
    List<BufferedImage> parts = new ArrayList<>();
    if (!report.training().isEmpty()) {
      parts.add(paint(training(report.training())));
    }
    if (!report.retention().isEmpty()) {
      parts.add(paint(retention(report.retention())));
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
            .title("Training")
            .xAxisTitle("seconds since the services were up")
            .yAxisTitle("loss, nats per supervised token")
            .build();
    chart.getStyler().setYAxisMin(0.0).setLegendPosition(Styler.LegendPosition.InsideNE);
    List<Double> seconds = samples.stream().map(TrainingSample::atSeconds).toList();
    chart
        .addSeries("loss", seconds, samples.stream().map(TrainingSample::loss).toList())
        .setMarker(SeriesMarkers.NONE);
    chart
        .addSeries(
            "replayed share", seconds, samples.stream().map(TrainingSample::replayRatio).toList())
        .setMarker(SeriesMarkers.NONE);
    return chart;
  }

  /** Bars: per slice, the base, then the candidate of each version. */
  private static CategoryChart retention(List<Retention> rows) {
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title("Held-out loss by slice, per candidate")
            .xAxisTitle("slice (* fresh in some version)")
            .yAxisTitle("loss, nats per supervised token")
            .build();
    chart.getStyler().setXAxisLabelRotation(20).setLegendPosition(Styler.LegendPosition.InsideNE);
    List<String> slices =
        List.copyOf(new TreeSet<>(rows.stream().map(RetentionPlot::label).toList()));
    Map<String, Map<String, Double>> bars = new LinkedHashMap<>();
    for (Retention row : rows) {
      bars.computeIfAbsent("base", name -> new LinkedHashMap<>()).put(label(row), row.lossBase());
      bars.computeIfAbsent(row.version(), name -> new LinkedHashMap<>())
          .put(label(row), row.lossCandidate());
    }
    bars.forEach(
        (name, losses) ->
            chart.addSeries(
                name,
                slices,
                slices.stream().map(slice -> losses.getOrDefault(slice, 0.0)).toList()));
    return chart;
  }

  private static String label(Retention row) {
    return row.role().equals("fresh") ? row.slice() + "*" : row.slice();
  }

  private static BufferedImage paint(Chart<?, ?> chart) {
    return BitmapEncoder.getBufferedImage(chart);
  }
}
