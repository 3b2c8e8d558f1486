package dev.tributary.app.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class GpuTest {

  @Test
  void hopperAndNewerAreTooNewForNd4jsCudaBackend() {
    assertTrue(new Gpu("Ada", 24_564, 8, 9).suitsNd4jCuda());
    assertFalse(new Gpu("Hopper", 81_559, 9, 0).suitsNd4jCuda());
    assertFalse(new Gpu("Blackwell", 183_359, 10, 0).suitsNd4jCuda());
  }

  @Test
  void aMachineWithoutAWorkingDriverIsToldSoAndNothingIsBroken() {
    for (Finding finding : new GpuCheck().run()) {
      assertEquals("gpu", finding.subject());
      assertFalse(finding.isBroken());
      assertFalse(finding.detail().isBlank());
    }
  }
}
