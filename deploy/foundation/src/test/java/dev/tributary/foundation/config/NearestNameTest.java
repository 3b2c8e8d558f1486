package dev.tributary.foundation.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestNameTest {

  private static final List<String> KNOWN = List.of("port", "host", "learning_rate", "r");

  @ParameterizedTest
  @CsvSource({
    "prot,port",
    "hosts,host",
    "learningrate,learning_rate",
    "learning-rate,learning_rate",
    "lr,r",
    "port,port",
    "zzzz,",
    "'',r"
  })
  void findsSlipsOnly(String unknown, String expected) {
    assertEquals(expected, NearestName.of(unknown, KNOWN).orElse(null));
  }
}
