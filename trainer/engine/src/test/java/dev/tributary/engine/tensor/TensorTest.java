package dev.tributary.engine.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class TensorTest {

  private final TensorArena arena = TensorArena.shared();

  private Tensor counted(int rows, int columns) {
    Tensor tensor = arena.tensor(rows, columns);
    for (int i = 0; i < tensor.size(); i++) {
      tensor.set(i, i);
    }
    return tensor;
  }

  @Test
  void aWindowOnColumnsSharesMemoryAndKeepsTheStride() {
    Tensor whole = counted(3, 5);
    Tensor window = whole.columns(1, 2);

    assertEquals(5, window.stride());
    assertEquals(2, window.columns());
    assertEquals(11, window.get(2, 0));
    window.set(2, 1, -1);
    assertEquals(-1, whole.get(2, 2));
  }

  @Test
  void windowsOfWindows() {
    Tensor window = counted(4, 6).columns(1, 4).slice(1, 2).columns(1, 2);

    assertEquals(2, window.rows());
    assertEquals(8, window.get(0, 0));
    assertEquals(15, window.get(1, 1));
  }

  @Test
  void onlyAWholeTensorOrASingleRowIsContiguous() {
    Tensor whole = counted(3, 5);

    assertTrue(whole.isContiguous());
    assertTrue(whole.columns(0, 5).isContiguous());
    assertTrue(whole.slice(1, 1).columns(2, 2).isContiguous());
    assertFalse(whole.columns(0, 4).isContiguous());
    assertArrayEquals(new float[] {7, 8}, whole.slice(1, 1).columns(2, 2).toArray());
    Tensor window = whole.columns(0, 4);
    assertThrows(IllegalArgumentException.class, window::toArray);
    assertThrows(IllegalArgumentException.class, window::zero);
  }

  @Test
  void windowsOutsideAreRefused() {
    Tensor whole = counted(3, 5);

    assertThrows(IndexOutOfBoundsException.class, () -> whole.columns(4, 2));
    assertThrows(IndexOutOfBoundsException.class, () -> whole.columns(-1, 2));
    assertThrows(IndexOutOfBoundsException.class, () -> whole.slice(2, 2));
    assertEquals(0, whole.slice(3, 0).columns(2, 3).size());
  }

  @Test
  void aRowBufferOnColumnsFollowsItsRows() {
    RowBuffer buffer = arena.rows(4, 6);
    RowBuffer columns = buffer.columns(2, 3);

    buffer.whole().set(1, 2, 7);

    assertEquals(7, columns.first(2).get(1, 0));
    assertSame(columns.first(2), columns.first(2));
    assertSame(buffer, buffer.columns(0, 6));
  }
}
