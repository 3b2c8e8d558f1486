package dev.tributary.app.bench;

import dev.tributary.app.cli.Console;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/**
 * How a measured process and the driver in {@code deploy/bench} talk, so that rivals can take
 * turns: one line of JSON once it is ready, then one for every line it reads. The end of its input
 * ends it.
 */
final class Rounds {

  private static final JsonMapper JSON =
      JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();

  private final InputStream in;
  private final Console console;

  Rounds(InputStream in, Console console) {
    this.in = in;
    this.console = console;
  }

  /**
   * @param ready said before the first round
   * @param round measures once; its result is a record or map
   */
  void serve(Object ready, Supplier<?> round) throws IOException {
    say(ready);
    BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    while (lines.readLine() != null) {
      say(round.get());
    }
  }

  private void say(Object document) {
    console.out().println(JSON.writeValueAsString(document));
    console.out().flush();
  }
}
