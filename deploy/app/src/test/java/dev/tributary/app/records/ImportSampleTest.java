package dev.tributary.app.records;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImportSampleTest {

  @ParameterizedTest
  @CsvSource({"1, 1", "49, 49", "50, 50", "51, 50", "1234, 50", "1000000, 50"})
  void upToFiftyRecordsAreTakenTheLastAmongThem(long total, int expected) {
    ImportSample sample = new ImportSample(total);

    long[] taken = LongStream.range(0, total).filter(sample::takes).toArray();

    assertEquals(expected, taken.length);
    assertTrue(sample.takes(total - 1));
    for (int i = 1; i < taken.length; i++) {
      assertEquals((double) total / expected, taken[i] - taken[i - 1], 1, "evenly spread");
    }
  }
}
