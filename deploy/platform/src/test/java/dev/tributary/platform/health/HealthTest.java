package dev.tributary.platform.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.foundation.error.RetriableException;
import dev.tributary.platform.http.HttpConfig;
import dev.tributary.platform.http.HttpServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HealthTest {

  private final Health health = new Health();
  private final HttpServer server =
      HttpServer.builder(HttpConfig.onPort(0)).routes(health.routes()).start();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void isReadyWhenEveryComponentIs() throws Exception {
    HealthFlag broker = health.flag("broker");
    health.check("disk", HealthStatus::up);

    assertEquals(
        "503 {\"status\":\"not_ready\",\"components\":{\"broker\":\"starting\",\"disk\":\"ready\"}}",
        get("ready"));
    broker.ready();
    assertEquals(
        "200 {\"status\":\"ready\",\"components\":{\"broker\":\"ready\",\"disk\":\"ready\"}}",
        get("ready"));
    broker.notReady("gone");
    assertEquals(
        "503 {\"status\":\"not_ready\",\"components\":{\"broker\":\"gone\",\"disk\":\"ready\"}}",
        get("ready"));
    assertEquals("200 {\"status\":\"live\"}", get("live"));
  }

  @Test
  void isNotLiveOnceItFailed() throws Exception {
    health.failed("the stream thread died");

    assertTrue(get("live").startsWith("503 ") && get("live").contains("the stream thread died"));
    assertTrue(get("ready").startsWith("503 "));
    assertFalse(health.isReady());
    assertThrows(RetriableException.class, () -> health.awaitReady(Duration.ofSeconds(10)));
  }

  @Test
  void waitsForAllComponents() {
    HealthFlag slow = health.flag("slow");
    RetriableException error =
        assertThrows(RetriableException.class, () -> health.awaitReady(Duration.ofMillis(30)));
    assertTrue(error.getMessage().contains("slow (starting)"), error.getMessage());

    Thread.startVirtualThread(slow::ready);
    health.awaitReady(Duration.ofSeconds(5));
  }

  @Test
  void namesEachComponentOnce() {
    health.flag("broker");

    assertThrows(IllegalArgumentException.class, () -> health.flag("broker"));
  }

  private String get(String name) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://127.0.0.1:" + server.port() + "/health/" + name);
      HttpResponse<String> answer =
          client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
      return answer.statusCode() + " " + answer.body();
    }
  }
}
