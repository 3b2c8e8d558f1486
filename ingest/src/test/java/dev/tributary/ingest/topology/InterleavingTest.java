package dev.tributary.ingest.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tributary.schemas.Feedback;
import dev.tributary.schemas.Interaction;
import dev.tributary.schemas.TrainingExample;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Records may arrive in any order, any number of times, at any moments within the join window: the
 * same records give the same examples. An example counts as the newest under its feedback id, as it
 * does for whoever reads them.
 */
class InterleavingTest {

  private static final int REQUESTS = 8;
  private static final int SHUFFLES = 6;

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void anyOrderOfArrivalGivesTheSameExamples(long seed) {
    // given
    Random random = new Random(seed);
    List<Consumer<TopologyFixture>> records = records(random);
    Map<String, TrainingExample> expected = run(records, random);

    // when
    for (int shuffle = 0; shuffle < SHUFFLES; shuffle++) {
      Collections.shuffle(records, random);

      // then
      assertEquals(expected, run(records, random), "seed " + seed + ", shuffle " + shuffle);
    }
  }

  private Map<String, TrainingExample> run(List<Consumer<TopologyFixture>> records, Random random) {
    try (TopologyFixture topology = TopologyFixture.trainingOnly(directory)) {
      for (Consumer<TopologyFixture> record : records) {
        record.accept(topology);
        if (random.nextInt(10) == 0) {
          topology.advance(Duration.ofSeconds(10));
        }
      }
      topology.advance(Duration.ofMinutes(11));
      Map<String, TrainingExample> newest = new TreeMap<>();
      topology
          .examples()
          .forEach(example -> newest.put(example.getOrigin().getRecordId(), example));
      assertEquals(0, topology.waiting());
      return newest;
    }
  }

  /**
   * Interactions, some never sent; feedback by request id and alias, some revised, some twice at
   * the same time.
   */
  private static List<Consumer<TopologyFixture>> records(Random random) {
    List<Consumer<TopologyFixture>> records = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      String request = "r" + i;
      String alias = "alias-" + i;
      if (random.nextInt(5) > 0) {
        Interaction.Builder interaction = Records.interaction(request).setAliases(List.of(alias));
        repeat(random, records, topology -> topology.send(interaction));
      }
      for (int f = 0; f < 3; f++) {
        String id = request + "-f" + f;
        String named = random.nextBoolean() ? request : alias;
        for (int revision = 0; revision <= random.nextInt(3); revision++) {
          Instant time = Records.TIME.plusSeconds(random.nextInt(2));
          Feedback.Builder feedback =
              random.nextBoolean()
                  ? Records.thumb(id, named, random.nextBoolean() ? 1 : -1).setEventTime(time)
                  : Records.correction(id, named, "text " + random.nextInt(100)).setEventTime(time);
          repeat(random, records, topology -> topology.send(feedback));
        }
      }
    }
    return records;
  }

  private static void repeat(
      Random random, List<Consumer<TopologyFixture>> records, Consumer<TopologyFixture> record) {
    for (int n = 0; n <= random.nextInt(2); n++) {
      records.add(record);
    }
  }
}
