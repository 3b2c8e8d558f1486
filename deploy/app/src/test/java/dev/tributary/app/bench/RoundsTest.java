package dev.tributary.app.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tributary.app.cli.Console;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RoundsTest {

  @Test
  void oneLineWhenReadyAndOneForEveryLineRead() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    Console console = new Console(stream, stream, false, false, false);
    Iterator<Integer> results = List.of(1, 2, 3).iterator();

    new Rounds(new ByteArrayInputStream("round\nround\n".getBytes(StandardCharsets.UTF_8)), console)
        .serve(Map.of("isReady", true), () -> Map.of("value", results.next()));

    assertEquals(
        List.of("{\"isReady\":true}", "{\"value\":1}", "{\"value\":2}"),
        out.toString(StandardCharsets.UTF_8).lines().toList());
  }
}
