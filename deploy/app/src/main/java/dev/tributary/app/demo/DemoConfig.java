package dev.tributary.app.demo;

import dev.tributary.app.runtime.TributaryConfig;
import dev.tributary.foundation.config.StrictYaml;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The configuration the demo runs with, as {@code demo.yaml} has it. */
final class DemoConfig {

  private DemoConfig() {}

  /** With everything the services keep below this directory. */
  static TributaryConfig in(Path state) {
    String yaml = "state_dir: '%s'%n%s".formatted(state.toString().replace("'", "''"), resource());
    return StrictYaml.parse(yaml, "demo.yaml", TributaryConfig.class);
  }

  private static String resource() {
    try (InputStream in = DemoConfig.class.getResourceAsStream("demo.yaml")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
