package dev.tributary.engine.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.tributary.engine.data.PackedBatch;
import dev.tributary.engine.data.TokenizedExample;
import dev.tributary.engine.format.safetensors.Dtype;
import dev.tributary.engine.format.safetensors.SafetensorsFile;
import dev.tributary.engine.format.safetensors.SafetensorsWriter;
import dev.tributary.engine.format.safetensors.TensorData;
import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.kernels.onednn.OneDnnKernels;
import dev.tributary.engine.kernels.reference.ReferenceKernels;
import dev.tributary.engine.tensor.TensorArena;
import dev.tributary.engine.testing.TinyModel;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BaseModelTest {

  private static final PackedBatch BATCH =
      PackedBatch.of(List.of(TokenizedExample.completion(new int[] {7, 0, 299}, new int[] {31})));

  @TempDir Path directory;

  static Stream<Kernels> kernels() {
    return Stream.of(new ReferenceKernels(), OneDnnKernels.create());
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void aModelSavedIn16BitsIsTheSameModelInFloat32(Kernels kernels) {
    // given
    Path halves = TinyModel.write(directory.resolve("halves"), 3);
    Path floats = TinyModel.write(directory.resolve("floats"), 3);
    String otherValues = BaseModel.load(floats, kernels).fingerprint();
    Path file = halves.resolve("model.safetensors");
    SafetensorsWriter.write(file, tensors(file), Map.of(), Dtype.BF16);
    SafetensorsWriter.write(
        floats.resolve("model.safetensors"), tensors(file), Map.of(), Dtype.F32);
    // when
    BaseModel expected = BaseModel.load(floats, kernels);
    BaseModel actual = BaseModel.load(halves, kernels);
    // then
    assertEquals(expected.fingerprint(), actual.fingerprint());
    assertNotEquals(otherValues, actual.fingerprint());
    assertArrayEquals(hidden(expected), hidden(actual));
  }

  private static Map<String, TensorData> tensors(Path file) {
    Map<String, TensorData> tensors = new LinkedHashMap<>();
    try (SafetensorsFile open = SafetensorsFile.open(file)) {
      open.names().forEach(name -> tensors.put(name, open.read(name)));
    }
    return tensors;
  }

  private static float[] hidden(BaseModel model) {
    try (TensorArena arena = TensorArena.scoped()) {
      return Transformer.forInference(model.config(), model.weights(), model.kernels(), arena, 8)
          .forward(BATCH, Adaptation.NONE)
          .toArray();
    }
  }
}
