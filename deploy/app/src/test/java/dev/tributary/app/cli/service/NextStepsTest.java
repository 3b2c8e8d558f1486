package dev.tributary.app.cli.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.app.http.Endpoints;
import org.junit.jupiter.api.Test;

class NextStepsTest {

  @Test
  void usualAddressesAreLeftOut() {
    String text = text(Endpoints.onLoopback(8081, 8082, 8083, 8080));

    assertTrue(
        text.contains("deploy/tributary import faq.jsonl --adapter acme/support --wait\n"), text);
    assertTrue(text.contains("\"model\": \"acme.support\""), text);
    assertFalse(text.contains("-url"), text);
    assertFalse(text.matches("(?s).*\\{[a-z]+}.*"), text);
    assertEquals(8, text.lines().count(), text);
  }

  @Test
  void otherAddressesAreNamed() {
    String text = text(Endpoints.onLoopback(1, 2, 3, 4));

    assertTrue(
        text.contains("--wait --ingest-url http://127.0.0.1:1 --evaluator-url http://127.0.0.1:3"),
        text);
    assertTrue(text.contains("curl http://127.0.0.1:4/v1/chat/completions"), text);
    assertTrue(
        text.contains("--wait --ingest-url http://127.0.0.1:1 --serve-url http://127.0.0.1:4"),
        text);
  }

  private static String text(Endpoints endpoints) {
    return String.join("\n", new NextSteps("deploy/tributary", "acme/support", endpoints).lines());
  }
}
