package dev.tributary.engine.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.engine.objective.Prediction;
import dev.tributary.engine.testing.GoldenClassifier;
import dev.tributary.engine.testing.GoldenModel;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ClassificationMetricsTest {

  @Test
  void accuracyAndMacroF1AreThoseOfScikitLearn() {
    JsonNode cases = GoldenClassifier.list("scores.json");
    assertEquals(6, cases.size());
    for (JsonNode golden : cases) {
      int[] labels = GoldenModel.ints(golden.get("labels"));
      int[] predicted = GoldenModel.ints(golden.get("predictions"));

      ClassificationMetrics metrics =
          ClassificationMetrics.of(
              IntStream.range(0, labels.length)
                  .mapToObj(i -> new Prediction(labels[i], predicted[i]))
                  .toList());

      assertEquals(golden.get("accuracy").doubleValue(), metrics.accuracy(), 1e-12);
      assertEquals(golden.get("macro_f1").doubleValue(), metrics.macroF1(), 1e-12);
    }
  }

  @Test
  void ofNothingThereIsNoNumber() {
    ClassificationMetrics metrics = ClassificationMetrics.of(List.of());
    assertTrue(Double.isNaN(metrics.accuracy()) && Double.isNaN(metrics.macroF1()));
  }
}
