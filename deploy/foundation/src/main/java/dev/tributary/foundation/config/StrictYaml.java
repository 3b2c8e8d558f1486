package dev.tributary.foundation.config;

import dev.tributary.foundation.error.ConfigException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.type.LogicalType;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Reads a configuration file into a record. Keys are the record's component names in snake case;
 * nested records are nested mappings. Absent keys arrive as null, for the compact constructor to
 * default or to refuse; an absent primitive is an error.
 *
 * <p>Nothing is guessed: an unknown key is an error that names the nearest known one, or ours where
 * it is another tool's name; so are duplicate keys, aliases, a second document, text where a number
 * belongs and files over 1 MiB. Durations are written {@code 250ms}, {@code 10s}, {@code 5m},
 * {@code 1h}, {@code 2d} or in ISO 8601.
 */
public final class StrictYaml {

  /** Largest file read. */
  public static final int MAX_BYTES = 1 << 20;

  private static final YAMLMapper MAPPER =
      YAMLMapper.builder()
          .annotationIntrospector(new RequiredPrimitives())
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
          .withCoercionConfig(
              LogicalType.POJO,
              config -> config.setCoercion(CoercionInputShape.EmptyString, CoercionAction.AsNull))
          .addModule(
              new SimpleModule("tributary-config")
                  .addDeserializer(Duration.class, new DurationText()))
          .build();

  private StrictYaml() {}

  /**
   * Reads a file.
   *
   * @param type a record
   * @throws ConfigException naming the file, the line and key, and what to write instead
   */
  public static <T> T read(Path file, Class<T> type) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw tooLarge(file.toString());
      }
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
      return parse(
          StandardCharsets.UTF_8.newDecoder().decode(bytes).toString(), file.toString(), type);
    } catch (NoSuchFileException e) {
      throw new ConfigException(
          file + ": there is no such file; check the path given to --config", e);
    } catch (CharacterCodingException e) {
      throw new ConfigException(file + ": not UTF-8; save it as UTF-8", e);
    } catch (IOException e) {
      throw new ConfigException(file + ": cannot be read (" + e + ")", e);
    }
  }

  /**
   * Reads a text; an empty one is an empty mapping.
   *
   * @param source what to call the text in messages, such as its file name
   * @param type a record
   * @throws ConfigException as {@link #read}
   */
  public static <T> T parse(String text, String source, Class<T> type) {
    if (text.length() > MAX_BYTES) {
      throw tooLarge(source);
    }
    YamlOutline outline = YamlOutline.of(text, source);
    try {
      return MAPPER.readValue(outline.isEmpty() ? "{}" : text, type);
    } catch (JacksonException e) {
      throw YamlErrors.explain(e, outline, source);
    }
  }

  private static ConfigException tooLarge(String source) {
    return new ConfigException(source + ": larger than 1 MiB; a configuration is a few lines");
  }
}
