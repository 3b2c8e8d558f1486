package dev.tributary.engine.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class ParameterBlockTest {

  private static final ParameterLayout LAYOUT =
      ParameterLayout.builder().add("a", 3, 5).add("b", 1, 16).add("c", 2, 1).build();

  @Test
  void matricesStartOnCacheLinesAndShareTheFlatMemory() {
    ParameterBlock block = ParameterBlock.zeros(LAYOUT);
    block.get("c").set(1, 0, 7);

    assertEquals(List.of("a", "b", "c"), List.copyOf(block.tensors().keySet()));
    assertEquals(16 + 16 + 16, LAYOUT.length());
    assertEquals(15 + 16 + 2, LAYOUT.parameterCount());
    block.tensors().values().forEach(t -> assertEquals(0, t.memory().address() % 64));
    assertEquals(7, block.flat().get(33));
  }

  @Test
  void aCopyIsItsOwn() {
    ParameterBlock block = ParameterBlock.zeros(LAYOUT);
    block.get("a").set(0, 1);
    ParameterBlock copy = block.copy();
    block.zero();

    assertEquals(1, copy.get("a").get(0));
    assertEquals(0, block.get("a").get(0));
    assertThrows(IllegalArgumentException.class, () -> copy.get("d"));
    ParameterLayout other = ParameterLayout.builder().add("a", 5, 3).build();
    assertThrows(IllegalArgumentException.class, () -> copy.copyFrom(ParameterBlock.zeros(other)));
  }

  @Test
  void aSliceIsAWindow() {
    try (TensorArena arena = TensorArena.scoped()) {
      Tensor tensor = arena.tensor(4, 3);
      Tensor slice = tensor.slice(1, 2);
      slice.set(1, 2, 9);

      assertEquals(9, tensor.get(2, 2));
      assertArrayEquals(new float[] {0, 0, 0, 0, 0, 9}, slice.toArray());
      assertThrows(IndexOutOfBoundsException.class, () -> tensor.slice(3, 2));
      assertThrows(IndexOutOfBoundsException.class, () -> tensor.slice(-1, 2));
      assertThrows(IllegalArgumentException.class, () -> tensor.copyFrom(slice));
      assertThrows(IllegalArgumentException.class, () -> tensor.copyFrom(new float[3]));
    }
  }

  @Test
  void memoryIsPlannedOnceAndWindowsAreReused() {
    try (TensorArena arena = TensorArena.scoped()) {
      RowBuffer buffer = arena.rows(10, 7);
      long bytes = arena.bytes();

      assertEquals(buffer.first(4), buffer.first(4));
      assertEquals(3, buffer.first(3).rows());
      assertEquals(bytes, arena.bytes());
    }
  }

  @Test
  void closedMemoryCannotBeRead() {
    TensorArena arena = TensorArena.scoped();
    Tensor tensor = arena.vector(3);
    arena.close();

    assertThrows(IllegalStateException.class, () -> tensor.get(0));
  }
}
