package dev.tributary.engine.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.foundation.error.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClassLabelsTest {

  @TempDir Path directory;

  @Test
  void learnsNamesInAlphabeticalOrder() throws IOException {
    ClassLabels labels =
        learn("{'label':'refund'}", "{'label':'lost'}", "", "{'label':'refund','text':'x'}");

    assertEquals(List.of("lost", "refund"), labels.names());
    assertFalse(labels.isNumbered());
  }

  @Test
  void learnsNumbersUpToTheHighest() throws IOException {
    ClassLabels labels = learn("{'label':3}", "{'label':0}");

    assertEquals(List.of("LABEL_0", "LABEL_1", "LABEL_2", "LABEL_3"), labels.names());
    assertTrue(labels.isNumbered());
    assertEquals(ClassLabels.numbered(4), labels);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'label':'a'} | {'label':1} | line 2: label: 1 cannot be used; other records have names",
        "{'label':1} | {'label':'a'} | line 2: label: \"a\" cannot be used; other records have"
            + " numbers",
        "{'label':1} | {'label':-1} | line 2: label: -1 cannot be used",
        "{'label':1} | {'label':2000000000} | line 2: label: 2000000000 cannot be used",
        "{'label':1} | {'label':0.5} | line 2: label: 0.5 cannot be used",
        "{'label':1} | {'text':'x'} | line 2: label: is missing",
        "{'label':'a'} | {'label':'a'} | label: 1 class; a classifier needs",
      })
  void labelsThatMakeNoClassesAreRefusedByLine(String first, String second, String message) {
    ConfigException error = assertThrows(ConfigException.class, () -> learn(first, second));
    assertTrue(error.getMessage().contains(message), error.getMessage());
  }

  @Test
  void namesMustDifferAndBeTwo() {
    assertThrows(ConfigException.class, () -> ClassLabels.named(List.of("a", "a")));
    assertThrows(ConfigException.class, () -> ClassLabels.named(List.of("a")));
  }

  private ClassLabels learn(String... lines) throws IOException {
    String text = String.join("\n", lines).replace('\'', '"');
    return ClassLabels.learn(Files.writeString(directory.resolve("data.jsonl"), text));
  }
}
