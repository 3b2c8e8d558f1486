package dev.tributary.engine.format.huggingface;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GenerationDefaultsTest {

  @TempDir Path directory;

  @Test
  void modelWithoutTheFileAnswersGreedily() {
    assertEquals(GenerationDefaults.GREEDY, GenerationDefaults.read(directory));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {}                                                     | 0   | 1
          {"do_sample": false, "temperature": 0.6}               | 0   | 1
          {"do_sample": true, "temperature": 0.6, "top_p": 0.9}  | 0.6 | 0.9
          {"do_sample": true}                                    | 1   | 1
          {"do_sample": true, "temperature": 9, "top_p": 0}      | 1   | 1
          """)
  void fileSaysHowAnswersAreDrawn(String json, double temperature, double topP) throws IOException {
    // given
    Files.writeString(directory.resolve("generation_config.json"), json);

    // then
    assertEquals(new GenerationDefaults(temperature, topP), GenerationDefaults.read(directory));
  }
}
