package dev.tributary.engine.testing;

import dev.tributary.engine.format.JsonFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Files written by the field's own libraries; {@code make.py} beside them says how. */
public final class Golden {

  private static final Path FORMATS = Path.of("src", "test", "golden", "formats");

  private Golden() {}

  public static Path path(String name) {
    return FORMATS.resolve(name);
  }

  public static JsonNode object(String name) {
    return JsonFile.read(path(name)).orElseThrow();
  }

  public static JsonNode list(String name) {
    try {
      return JsonMapper.shared().readTree(Files.readString(path(name)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
