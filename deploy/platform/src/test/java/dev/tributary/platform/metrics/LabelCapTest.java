package dev.tributary.platform.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class LabelCapTest {

  private final LabelCap adapters = new LabelCap(2);

  @Test
  void theFirstValuesKeepTheirName() {
    assertEquals("acme.support", adapters.of("acme.support"));
    assertEquals("acme.sales", adapters.of("acme.sales"));
  }

  @Test
  void allBeyondTheCapShareOneName() {
    // given
    adapters.of("acme.support");
    adapters.of("acme.sales");

    // then
    assertEquals(LabelCap.OTHER, adapters.of("globex.returns"));
    assertEquals(LabelCap.OTHER, adapters.of("globex.billing"));
  }

  @Test
  void knownValuesTakeNoRoomAndStayKnown() {
    // given
    adapters.of("acme.support");
    adapters.of("acme.support");
    adapters.of("acme.sales");
    adapters.of("globex.returns");

    // then
    assertEquals("acme.support", adapters.of("acme.support"));
    assertEquals("acme.sales", adapters.of("acme.sales"));
  }
}
