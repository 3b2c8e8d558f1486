package dev.tributary.engine.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.engine.data.TokenizedExample;
import dev.tributary.engine.format.huggingface.HuggingFaceConfig;
import dev.tributary.engine.format.safetensors.SafetensorsFile;
import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.model.ModelConfig;
import dev.tributary.engine.optimizer.OptimizerConfig;
import dev.tributary.engine.optimizer.Schedule;
import dev.tributary.engine.tensor.ParameterBlock;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A tiny model and what transformers and peft compute with it; {@code make.py} beside the files
 * says how.
 */
public final class GoldenModel {

  private static final String GRADIENT = "gradient.";
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

  public ModelConfig config() {
    return HuggingFaceConfig.read(directory.resolve("model"));
  }

  /** The model's weights, to be trained. */
  public ParameterBlock parameters() {
    return BaseModel.readParameters(directory.resolve("model"), config());
  }

  public Path adapterDirectory() {
    return directory.resolve("adapter");
  }

  public JsonNode facts() {
    return facts;
  }

  public List<TokenizedExample> sequences() {
    return facts.get("sequences").valueStream().map(GoldenModel::example).toList();
  }

  private static TokenizedExample example(JsonNode sequence) {
    int[] ids = ints(sequence.get("input_ids"));
    return sequence.has("label")
        ? TokenizedExample.classified(
            ids, ints(sequence.get("token_type_ids")), sequence.get("label").intValue())
        : new TokenizedExample(ids, ints(sequence.get("labels")));
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

  /** Tokens of the longest sequence. */
  public int longest() {
    return sequences().stream().mapToInt(TokenizedExample::length).max().orElseThrow();
  }

  /** The values of an expected tensor, row-major. */
  public float[] tensor(String name) {
    try (SafetensorsFile file = expected()) {
      return file.read(name).values();
    }
  }

  /** The names of the expected gradients. */
  public Set<String> gradients() {
    try (SafetensorsFile file = expected()) {
      return file.names().stream()
          .filter(name -> name.startsWith(GRADIENT))
          .map(name -> name.substring(GRADIENT.length()))
          .collect(Collectors.toSet());
    }
  }

  /**
   * Largest difference of any element of a gradient, measured by the largest expected element. A
   * gradient that is zero but for rounding (a key's bias where positions do not turn keys: it adds
   * the same to all scores of a query) is measured by a hundredth of the largest of all.
   */
  public double gradientDifference(String name, float[] actual) {
    float[] expected = tensor(GRADIENT + name);
    double all =
        gradients().stream().mapToDouble(n -> largest(tensor(GRADIENT + n))).max().orElse(0);
    assertTrue(all > 0, "expected gradients of zeros prove nothing");
    double scale = largest(expected);
    return largestDifference(expected, actual) / (scale < 1e-9 * all ? 1e-2 * all : scale);
  }

  private SafetensorsFile expected() {
    return SafetensorsFile.open(directory.resolve("expected.safetensors"));
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

  private static double largest(float[] values) {
    double largest = 0;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }
}
