package dev.tributary.engine.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.engine.data.TokenizedExample;
import dev.tributary.engine.format.huggingface.HuggingFaceConfig;
import dev.tributary.engine.format.huggingface.HuggingFaceWeights;
import dev.tributary.engine.format.safetensors.SafetensorsFile;
import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.model.ModelLayout;
import dev.tributary.engine.optimizer.OptimizerConfig;
import dev.tributary.engine.optimizer.Schedule;
import dev.tributary.engine.tensor.ParameterBlock;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A tiny model and what transformers and peft compute with it; {@code make.py} beside the files
 * says how.
 */
public final class GoldenModel {

  private static final Path MODELS = Path.of("src", "test", "golden", "models");

  private final Path directory;
  private final JsonNode facts;

  private GoldenModel(Path directory) {
    this.directory = directory;
    this.facts = JsonMapper.shared().readTree(directory.resolve("expected.json").toFile());
  }

  public static GoldenModel load(String name) {
    return new GoldenModel(MODELS.resolve(name));
  }

  public BaseModel model(Kernels kernels) {
    return BaseModel.load(directory.resolve("model"), kernels);
  }

  /** The model's weights, to be trained. */
  public ParameterBlock parameters() {
    Path model = directory.resolve("model");
    try (HuggingFaceWeights weights = HuggingFaceWeights.open(model)) {
      return ModelLayout.read(HuggingFaceConfig.read(model), weights);
    }
  }

  public Path adapterDirectory() {
    return directory.resolve("adapter");
  }

  public JsonNode facts() {
    return facts;
  }

  public List<TokenizedExample> sequences() {
    return facts
        .get("sequences")
        .valueStream()
        .map(s -> new TokenizedExample(ints(s.get("input_ids")), ints(s.get("labels"))))
        .toList();
  }

  public OptimizerConfig optimizer() {
    JsonNode training = facts.get("training");
    return new OptimizerConfig(
        training.get("learning_rate").doubleValue(),
        training.get("weight_decay").doubleValue(),
        0.9,
        0.999,
        1e-8,
        training.get("max_grad_norm").doubleValue(),
        Schedule.parse(training.get("schedule").stringValue()),
        training.get("warmup_steps").longValue(),
        training.get("max_steps").longValue());
  }

  public double lossSum() {
    return Arrays.stream(doubles(facts.get("loss_sums"))).sum();
  }

  /** The values of an expected tensor, row-major. */
  public float[] tensor(String name) {
    try (SafetensorsFile file = SafetensorsFile.open(directory.resolve("expected.safetensors"))) {
      return file.read(name).values();
    }
  }

  public static int[] ints(JsonNode array) {
    return array.valueStream().mapToInt(JsonNode::intValue).toArray();
  }

  public static double[] doubles(JsonNode array) {
    return array.valueStream().mapToDouble(JsonNode::doubleValue).toArray();
  }

  /** Largest difference of any element. */
  public static double largestDifference(float[] expected, float[] actual) {
    assertEquals(expected.length, actual.length, "number of elements");
    double largest = 0;
    for (int i = 0; i < expected.length; i++) {
      double difference = Math.abs((double) expected[i] - actual[i]);
      assertTrue(Double.isFinite(difference), "element " + i + " is " + actual[i]);
      largest = Math.max(largest, difference);
    }
    return largest;
  }

  /** Largest difference of any element, measured by the largest expected element. */
  public static double relativeDifference(float[] expected, float[] actual) {
    double largest = 0;
    for (float value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    assertTrue(largest > 0, "an expected tensor of zeros proves nothing");
    return largestDifference(expected, actual) / largest;
  }
}
