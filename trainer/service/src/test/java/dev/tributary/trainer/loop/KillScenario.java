package dev.tributary.trainer.loop;

import dev.tributary.foundation.AdapterId;
import dev.tributary.trainer.loop.TrainerLog.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Trains the same log twice, each time in a JVM of its own: once live and undisturbed while the log
 * is being written, once afterwards with {@code kill -9} at random instants; then what both left
 * behind can be compared.
 */
final class KillScenario {

  private static final Duration LIMIT = Duration.ofMinutes(5);

  private final String bootstrapServers;
  private final Path directory;
  private final int partitions;
  private final Path model;
  private final String yaml;

  /**
   * @param model directory of a base model, or null for learners that only count
   * @param yaml the trainer's settings
   */
  KillScenario(String bootstrapServers, Path directory, int partitions, Path model, String yaml) {
    this.bootstrapServers = bootstrapServers;
    this.directory = directory;
    this.partitions = partitions;
    this.model = model;
    this.yaml = yaml;
  }

  /**
   * @param fed what was written
   * @param undisturbed what the undisturbed run left
   * @param examplesTrained new examples it trained, over all adapters
   * @param killed what the killed run left
   * @param kills how often it was killed before it was done
   */
  record Result(
      ExampleFeed.Fed fed, Outcome undisturbed, long examplesTrained, Outcome killed, int kills) {}

  Result run(List<AdapterId> adapters, int bursts, int kills, long seed) throws Exception {
    try (TrainerLog log = new TrainerLog(bootstrapServers, partitions)) {
      Process live = child("undisturbed");
      ExampleFeed.Fed fed;
      try (ExampleFeed feed = new ExampleFeed(bootstrapServers)) {
        fed = feed.random(adapters, bursts, seed);
      }
      Map<Integer, Long> ends = log.exampleEnds();
      await(log, live, "undisturbed", ends);
      live.destroyForcibly().waitFor();
      Outcome undisturbed = log.outcome();
      long trained =
          log.pointers().values().stream().mapToLong(pointer -> pointer.getExamplesTrained()).sum();

      log.deleteOutputs();
      int killed = kill(log, ends, kills, new SplittableRandom(seed));
      return new Result(fed, undisturbed, trained, log.outcome(), killed);
    }
  }

  private int kill(TrainerLog log, Map<Integer, Long> ends, int kills, SplittableRandom random)
      throws Exception {
    int killed = 0;
    while (killed < kills && !log.isDone("killed", ends)) {
      Process child = child("killed");
      // Long enough for a start, so that most kills hit a trainer at work.
      child.waitFor(random.nextLong(700, 4_000), TimeUnit.MILLISECONDS);
      child.destroyForcibly().waitFor();
      killed++;
    }
    Process last = child("killed");
    await(log, last, "killed", ends);
    last.destroyForcibly().waitFor();
    return killed;
  }

  private void await(TrainerLog log, Process child, String group, Map<Integer, Long> ends)
      throws Exception {
    try {
      Awaitility.await()
          .atMost(LIMIT)
          .pollInterval(Duration.ofMillis(500))
          .until(() -> !child.isAlive() || log.isDone(group, ends));
      if (!child.isAlive()) {
        throw new AssertionError(
            "the trainer ended by itself: "
                + Files.readString(directory.resolve(group).resolve("err")));
      }
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(
          "committed %s of %s: %s"
              .formatted(
                  log.committed(group),
                  ends,
                  Files.readString(directory.resolve(group).resolve("err"))),
          e);
    }
  }

  private Process child(String group) throws Exception {
    Path home = Files.createDirectories(directory.resolve(group).resolve("home"));
    return TrainerChild.start(
        bootstrapServers, home, group, partitions, model, yaml, Duration.ofMillis(4));
  }
}
