package dev.tributary.engine.kernels.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;

class LanesTest {

  @Test
  void exponentialIsExactToAFewUnitsInTheLastPlace() {
    for (float x = -86.9f; x < 88; x += 0.0137f) {
      double exact = Math.exp(x);
      assertEquals(exact, Lanes.exp(x), 3e-7 * exact, "exp(" + x + ")");
    }
    assertEquals(1f, Lanes.exp(0f));
  }

  @Test
  void vectorAndScalarExponentialAreTheSameToTheBit() {
    float[] values = new float[Lanes.COUNT];
    for (float x = -200; x < 200; x += 0.731f) {
      for (int i = 0; i < values.length; i++) {
        values[i] = x + 0.01f * i;
      }
      float[] vector = Lanes.exp(FloatVector.fromArray(Lanes.FLOATS, values, 0)).toArray();
      for (int i = 0; i < values.length; i++) {
        assertEquals(Lanes.exp(values[i]), vector[i]);
      }
    }
  }

  @Test
  void notANumberStaysOne() {
    assertTrue(Float.isNaN(Lanes.exp(Float.NaN)));
    assertTrue(Float.isNaN(Lanes.exp(FloatVector.broadcast(Lanes.FLOATS, Float.NaN)).lane(0)));
  }

  @Test
  void sumTakesEveryLaneOnce() {
    float[] values = new float[Lanes.COUNT];
    for (int i = 0; i < values.length; i++) {
      values[i] = 1 << i;
    }
    float expected = (1 << Lanes.COUNT) - 1;
    assertEquals(expected, Lanes.sum(FloatVector.fromArray(Lanes.FLOATS, values, 0)));
  }
}
