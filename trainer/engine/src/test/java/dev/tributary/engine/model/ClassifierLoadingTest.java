package dev.tributary.engine.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.engine.data.ClassLabels;
import dev.tributary.engine.format.JsonFile;
import dev.tributary.engine.format.huggingface.HuggingFaceDirectory;
import dev.tributary.engine.format.huggingface.HuggingFaceLabels;
import dev.tributary.engine.format.huggingface.HuggingFaceWeights;
import dev.tributary.engine.format.safetensors.Dtype;
import dev.tributary.engine.format.safetensors.SafetensorsFile;
import dev.tributary.engine.format.safetensors.SafetensorsWriter;
import dev.tributary.engine.format.safetensors.TensorData;
import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.kernels.reference.ReferenceKernels;
import dev.tributary.engine.model.ModelWeights.ClassificationHead;
import dev.tributary.engine.tensor.ParameterBlock;
import dev.tributary.engine.testing.GoldenModel;
import dev.tributary.foundation.error.ConfigException;
import dev.tributary.foundation.error.CorruptArtifactException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models as classifiers: saved as one or not, and saved again after training. */
class ClassifierLoadingTest {

  private static final Path SAVED = Path.of("src/test/golden/models/bert-full/model");
  private static final Kernels KERNELS = new ReferenceKernels();

  @TempDir Path directory;

  @Test
  void aModelSavedWithoutAHeadGetsTheSameFreshOneEveryTime() throws IOException {
    // given a directory without classifier and architectures
    Path headless = copyWithout("classifier.");

    // when
    BaseModel model = BaseModel.loadClassifier(headless, 3, KERNELS);

    // then
    ClassificationHead head = model.weights().classification().orElseThrow();
    float[] fresh = head.classifier().dense().values().toArray();
    assertEquals(3 * 12, fresh.length);
    double deviation = 0;
    for (float value : fresh) {
      deviation += value * value / fresh.length;
    }
    assertEquals(0.02, Math.sqrt(deviation), 0.008);
    assertArrayEquals(new float[3], head.classifier().biasOrNull().toArray());
    assertEquals(model.fingerprint(), BaseModel.loadClassifier(headless, 3, KERNELS).fingerprint());
  }

  @Test
  void aSavedClassifierIsTakenAsItIsAndForItsOwnClassesOnly() {
    BaseModel model = BaseModel.loadClassifier(SAVED, 5, KERNELS);

    assertEquals(BaseModel.load(SAVED, KERNELS).fingerprint(), model.fingerprint());
    ConfigException error =
        assertThrows(ConfigException.class, () -> BaseModel.loadClassifier(SAVED, 4, KERNELS));
    assertTrue(error.getMessage().contains("5 classes apart, but 4"), error.getMessage());
  }

  @Test
  void onlyTheHeadMayBeMissingAndOnlyAnEncoderHasOne() throws IOException {
    Path broken = copyWithout("bert.encoder.layer.1.output.dense.weight");
    assertThrows(
        CorruptArtifactException.class, () -> BaseModel.loadClassifier(broken, 5, KERNELS));

    Path gpt2 = Path.of("src/test/golden/models/gpt2-full/model");
    ConfigException error =
        assertThrows(ConfigException.class, () -> BaseModel.loadClassifier(gpt2, 5, KERNELS));
    assertTrue(error.getMessage().contains("'gpt2' cannot be a classifier"), error.getMessage());
  }

  @Test
  void aTrainedModelIsADirectoryOfItsOwn() throws IOException {
    // given
    Files.copy(Path.of("src/test/golden/classifier/vocab.txt"), copy().resolve("vocab.txt"));
    ParameterBlock parameters = GoldenModel.load("bert-full").parameters();
    parameters.get("classifier.bias").set(2, 7f);
    ClassLabels labels = ClassLabels.named(List.of("a", "b", "c", "d", "e"));
    Path out = directory.resolve("out");

    // when
    HuggingFaceDirectory.write(out, copy(), parameters, Optional.of(labels));

    // then
    BaseModel read = BaseModel.load(out, KERNELS);
    ClassificationHead head = read.weights().classification().orElseThrow();
    assertEquals(7f, head.classifier().biasOrNull().get(2));
    assertEquals(Optional.of(labels), HuggingFaceLabels.ofModel(out));
    assertTrue(Files.exists(out.resolve("vocab.txt")));
    try (HuggingFaceWeights weights = HuggingFaceWeights.open(out)) {
      parameters
          .tensors()
          .forEach(
              (name, expected) -> {
                float[] found =
                    weights
                        .mapped(name, expected.rows(), expected.columns())
                        .orElseThrow()
                        .toArray();
                assertArrayEquals(expected.toArray(), found, name);
              });
    }
    Path base = copy();
    assertThrows(
        ConfigException.class,
        () -> HuggingFaceDirectory.write(base, base, parameters, Optional.of(labels)));
  }

  private Path copy() throws IOException {
    Path copy = directory.resolve("copy");
    if (Files.notExists(copy)) {
      Files.createDirectory(copy);
      for (String file : List.of("config.json", "model.safetensors")) {
        Files.copy(SAVED.resolve(file), copy.resolve(file));
      }
    }
    return copy;
  }

  /** The saved model without some tensors, and without a word on its head. */
  private Path copyWithout(String start) throws IOException {
    Path copy = copy();
    Map<String, TensorData> kept = new TreeMap<>();
    try (SafetensorsFile file = SafetensorsFile.open(SAVED.resolve("model.safetensors"))) {
      file.names().stream()
          .filter(name -> !name.startsWith(start))
          .forEach(name -> kept.put(name, file.read(name)));
      assertTrue(kept.size() < file.names().size());
    }
    SafetensorsWriter.write(copy.resolve("model.safetensors"), kept, Map.of(), Dtype.F32);
    var config = JsonFile.read(SAVED.resolve("config.json")).orElseThrow();
    config.remove(List.of("architectures", "id2label", "label2id"));
    JsonFile.write(copy.resolve("config.json"), config);
    return copy;
  }
}
