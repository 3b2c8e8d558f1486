package dev.tributary.foundation.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.foundation.error.ConfigException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StrictYamlTest {

  private enum Schedule {
    COSINE,
    LINEAR
  }

  private record Inner(Integer r, Double beta, List<String> targetModules) {
    Inner {
      r = r == null ? 8 : r;
      if (r < 1) {
        throw ConfigException.of("r", r, "use at least 1");
      }
    }
  }

  private record Outer(
      Inner lora,
      int steps,
      Boolean packing,
      Schedule schedule,
      Duration every,
      Path stateDir,
      Map<String, Object> kafka) {}

  @TempDir Path temporary;

  @Test
  void readsNestedRecords() {
    Outer read =
        parse(
            """
            lora:
              r: 4
              beta: 0.5
              target_modules: [c_attn, c_proj]
            steps: 3
            packing: true
            schedule: cosine
            every: 90s
            state_dir: a/b
            kafka:
              bootstrap.servers: localhost:9092
              linger.ms: 5
            """);

    assertEquals(
        new Outer(
            new Inner(4, 0.5, List.of("c_attn", "c_proj")),
            3,
            true,
            Schedule.COSINE,
            Duration.ofSeconds(90),
            Path.of("a/b"),
            Map.of("bootstrap.servers", "localhost:9092", "linger.ms", 5)),
        read);
  }

  @Test
  void leavesAbsentKeysToTheConstructor() {
    Outer read = parse("steps: 1\nlora: {}\n");

    assertEquals(new Outer(new Inner(8, null, null), 1, null, null, null, null, null), read);
  }

  @ParameterizedTest
  @CsvSource({
    "250ms,PT0.25S",
    "10s,PT10S",
    "5m,PT5M",
    "1h,PT1H",
    "2d,PT48H",
    "PT1M30S,PT1M30S",
    "'5 m',PT5M"
  })
  void readsDurations(String text, Duration expected) {
    assertEquals(expected, parse("steps: 1\nevery: " + text).every());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "steps: 1\\nstpes: 1           | test line 2: stpes: unknown key; did you mean 'steps'?",
        "steps: 1\\n"
            + "lora: {lora_rank: 4} | test line 2: lora.lora_rank: unknown key; Tributary calls it"
            + " 'r'",
        "steps: 1\\n"
            + "lora: {rl_beta: 1}   | test line 2: lora.rl_beta: unknown key; Tributary calls it"
            + " 'beta'",
        "steps: 1\\n"
            + "sample_packing: true | test line 2: sample_packing: unknown key; Tributary calls it"
            + " 'packing'",
        "steps: 1\\n"
            + "zzzzzzzz: 1          | unknown key; known keys here: every, kafka, lora, packing,"
            + " schedule, state_dir, steps",
        "steps: 1\\nsteps: 2             | Duplicate Object property \"steps\"",
        "every: 1s                       | test line 1: steps: is missing; give it a value",
        "steps: many                     | test line 1: steps: expected a whole number in range",
        "steps: 1.5                      | test line 1: steps: '1.5' cannot be used; expected a"
            + " whole number in range",
        "steps: 99999999999              | test line 1: steps: expected a whole number in range",
        "steps: 1\\n"
            + "lora: {r: 0}         | test line 2: lora: r: '0' cannot be used; use at least 1",
        "steps: 1\\nlora: {r: [1]}       | test line 2: lora.r: expected a whole number in range",
        "steps: 1\\nlora: 7              | test line 2: lora: expected a mapping of keys to values",
        "steps: 1\\n"
            + "every: soon          | every: 'soon' cannot be used; expected a duration such as"
            + " 250ms, 10s, 5m, 1h or 2d",
        "steps: 1\\n"
            + "every: 10            | test line 2: every: '10' cannot be used; expected a duration",
        "steps: 1\\n"
            + "schedule: cubic      | schedule: 'cubic' cannot be used; use one of cosine, linear",
        "steps: 1\\n"
            + "packing: 1           | test line 2: packing: '1' cannot be used; expected true or"
            + " false",
        "[1, 2]                          | test line 1: expected a mapping of keys to values",
        "steps: [1                       | test: not YAML: ",
        "steps: 1\\n"
            + "lora:\\n"
            + "  target_modules:\\n"
            + "  - a\\n"
            + "  - {b: 1} | test line 5: lora.target_modules[1]: expected text",
        "steps: 1\\n---\\nsteps: 2       | test line 2: a second document starts here; keep one",
        "steps: &a 1                     | test line 1: aliases and anchors are not supported",
        "steps: *a                       | test line 1: aliases and anchors are not supported",
      })
  void saysWhatIsWrongWhereAndWhatToWrite(String yaml, String message) {
    ConfigException error =
        assertThrows(ConfigException.class, () -> parse(yaml.replace("\\n", "\n")));

    assertTrue(error.getMessage().contains(message), error.getMessage());
    assertTrue(error.getMessage().startsWith("test"), error.getMessage());
  }

  @Test
  void refusesAliasBombsAtOnce() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 30; i++) {
      String previous = "*a" + (i - 1);
      bomb.append(
          "a%d: &a%d [%s]%n"
              .formatted(i, i, String.join(", ", List.of(previous, previous, previous, previous))));
    }

    assertThrows(ConfigException.class, () -> parse(bomb.toString()));
  }

  @Test
  void refusesLargeFilesAndOtherEncodings() throws IOException {
    Path large =
        Files.writeString(temporary.resolve("large.yaml"), "#".repeat(StrictYaml.MAX_BYTES + 1));
    Path latin =
        Files.write(
            temporary.resolve("latin.yaml"), "steps: 1 # ü".getBytes(StandardCharsets.ISO_8859_1));

    assertMessage(large, "larger than 1 MiB");
    assertMessage(latin, "not UTF-8");
    assertMessage(temporary.resolve("absent.yaml"), "no such file");
    assertMessage(temporary, "cannot be read");
  }

  @Test
  void namesTheFile() throws IOException {
    Path file = Files.writeString(temporary.resolve("a.yaml"), "steps: 2\nstpes: 1\n");

    assertMessage(file, file + " line 2: stpes: unknown key; did you mean 'steps'?");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "# nothing\n", "---\n"})
  void takesNothingForAnEmptyMapping(String yaml) {
    assertEquals(new Inner(8, null, null), StrictYaml.parse(yaml, "test", Inner.class));
  }

  private static Outer parse(String yaml) {
    return StrictYaml.parse(yaml, "test", Outer.class);
  }

  private static void assertMessage(Path file, String part) {
    ConfigException error =
        assertThrows(ConfigException.class, () -> StrictYaml.read(file, Outer.class));
    assertTrue(error.getMessage().contains(part), error.getMessage());
  }
}
