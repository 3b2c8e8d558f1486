package dev.tributary.trainer.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.engine.testing.TinyModel;
import dev.tributary.foundation.AdapterId;
import dev.tributary.platform.kafka.BrokerOptions;
import dev.tributary.platform.kafka.EmbeddedBroker;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The promise of transactional training, tried on a real broker: however often a trainer is killed,
 * it ends in the same bytes as one that was not.
 *
 * <p>{@code -Dtributary.kills=200} makes it long; {@code -Dtributary.kill.seed} chooses the
 * instants.
 */
class TrainerKillIT {

  /** Five adapters on two partitions: some share one. */
  private static final List<AdapterId> ADAPTERS =
      List.of(
          AdapterId.parse("acme/support"),
          AdapterId.parse("acme/sales"),
          AdapterId.parse("globex/returns"),
          AdapterId.parse("globex/billing"),
          AdapterId.parse("initech/printers"));

  private static final String SETTINGS =
      """
      r: 2
      learning_rate: 1e-2
      lora_dropout: 0.1
      max_passes: 1
      max_tokens_per_batch: 128
      max_records_per_batch: 8
      linger: 150ms
      clock_slack: 100ms
      replay: {share: 0.4, capacity_records: 40}
      candidate: {every_examples: 20, quiet: 400ms, after: 1500ms}
      """;

  private EmbeddedBroker broker;

  @BeforeEach
  void startBroker(@TempDir Path directory) {
    broker = EmbeddedBroker.start(BrokerOptions.in(directory));
  }

  @AfterEach
  void stopBroker() {
    broker.close();
  }

  @Test
  void killedTrainerEndsInTheSameBytes(@TempDir Path directory) throws Exception {
    tryToBreak(directory, null, 8, Integer.getInteger("tributary.kills", 4));
  }

  @Test
  void killedTrainerEndsInTheSameWeights(@TempDir Path directory) throws Exception {
    Path model = TinyModel.write(directory.resolve("model"), 7);
    tryToBreak(directory, model, 1, Integer.getInteger("tributary.kills", 2));
  }

  /**
   * @param bursts of examples for each kill
   */
  private void tryToBreak(Path directory, Path model, int bursts, int kills) throws Exception {
    // given
    long seed = Long.getLong("tributary.kill.seed", 1L);
    KillScenario scenario =
        new KillScenario(broker.bootstrapServers(), directory, 2, model, SETTINGS);

    // when
    KillScenario.Result result = scenario.run(ADAPTERS, 8 + bursts * kills, kills, seed);

    // then it was killed, and left exactly what the undisturbed one left
    assertTrue(result.kills() > 0);
    assertEquals(result.undisturbed(), result.killed());
    assertEquals(ADAPTERS.size(), result.killed().checkpoints().size());
    assertEquals(result.fed().unreadable(), result.killed().deadLetters().size());
    assertEquals(
        result.killed().candidates().size(),
        new HashSet<>(result.killed().candidates()).size(),
        "no candidate twice");
    // and nothing but superseded answers was left out
    assertTrue(result.examplesTrained() <= result.fed().trainable());
    assertTrue(result.examplesTrained() >= result.fed().trainable() * 8 / 10);
    System.out.printf(
        "%d kills; %d of %d examples trained, %d candidates, %d dead letters: same bytes%n",
        result.kills(),
        result.examplesTrained(),
        result.fed().trainable(),
        result.killed().candidates().size(),
        result.killed().deadLetters().size());
  }
}
