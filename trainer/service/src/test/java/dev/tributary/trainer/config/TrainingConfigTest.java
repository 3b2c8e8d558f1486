package dev.tributary.trainer.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.engine.model.ModelConfig;
import dev.tributary.engine.optimizer.OptimizerConfig;
import dev.tributary.engine.optimizer.Schedule;
import dev.tributary.engine.peft.lora.LoraConfig;
import dev.tributary.foundation.config.StrictYaml;
import dev.tributary.foundation.error.ConfigException;
import dev.tributary.platform.http.HttpConfig;
import dev.tributary.trainer.learn.LessonPlan;
import dev.tributary.trainer.lineage.CandidatePolicy;
import dev.tributary.trainer.pack.BatchLimits;
import dev.tributary.trainer.replay.ReplayLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainingConfigTest {

  private static final ModelConfig MODEL = ModelConfig.gpt2(300, 64, 32, 2, 4);

  @Test
  void defaults() {
    // Every component is named here, so that a new one cannot go untested.
    assertEquals(
        new TrainingConfig(
            HttpConfig.onPort(8082),
            "tributary-trainer",
            null,
            null,
            0.0,
            List.of("all-linear"),
            false,
            null,
            0.0,
            0.9,
            0.999,
            1e-8,
            1.0,
            0L,
            0L,
            "constant",
            42L,
            null,
            4_096,
            4_096,
            60,
            Duration.ofSeconds(1),
            Duration.ofMillis(250),
            new ReplayConfig(0.4, 2_000, 16L << 20),
            new CandidateConfig(2_048, Duration.ofSeconds(2), Duration.ofSeconds(60)),
            new CheckpointConfig(3, Duration.ofHours(24), Duration.ofHours(1))),
        read(""));
  }

  @Test
  void everyKey() {
    TrainingConfig config =
        read(
            """
            http: {port: 9000}
            group_id: ours
            r: 4
            lora_alpha: 8
            lora_dropout: 0.1
            target_modules: [c_attn, c_proj]
            use_rslora: true
            learning_rate: 1e-3
            weight_decay: 0.01
            adam_beta1: 0.8
            adam_beta2: 0.99
            adam_epsilon: 1e-6
            max_grad_norm: 0.5
            warmup_steps: 10
            max_steps: 1000
            lr_scheduler_type: cosine
            seed: 7
            max_length: 128
            max_tokens_per_batch: 1024
            max_records_per_batch: 16
            max_passes: 20
            linger: 250ms
            clock_slack: 50ms
            replay: {share: 0.5, capacity_records: 100, capacity_bytes: 1000000}
            candidate: {every_examples: 32, quiet: 3s, after: 10s}
            checkpoint: {keep: 5, orphan_grace: 2h, collect_every: 10m}
            """);
    assertEquals(9000, config.http().port());
    assertEquals("ours", config.groupId());
    assertEquals(new LoraConfig(4, 8, 0.1, List.of("c_attn", "c_proj"), true), config.lora(MODEL));
    assertEquals(
        new OptimizerConfig(1e-3, 0.01, 0.8, 0.99, 1e-6, 0.5, Schedule.COSINE, 10, 1000),
        config.optimizer(MODEL));
    assertEquals(7, config.seed());
    assertEquals(128, config.maxLength(1024));
    assertEquals(20, config.lessonPlan().maxPasses());
    assertEquals(1_024, config.lessonPlan().maxTokens());
    assertEquals(0.5, config.lessonPlan().rehearsalShare());
    assertEquals(
        new BatchLimits(AdapterDefaults.of(MODEL).batchTokens(), 16, 250),
        config.batchLimits(MODEL));
    assertEquals(Duration.ofMillis(50), config.clockSlack());
    assertEquals(new ReplayLimits(100, 1_000_000), config.replay().limits());
    assertEquals(new CandidatePolicy(32, 3_000, 10_000), config.candidate().policy());
    assertEquals(
        new CheckpointConfig(5, Duration.ofHours(2), Duration.ofMinutes(10)), config.checkpoint());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          r: 0                              | r
          lora_alpha: -1                    | lora_alpha
          lora_dropout: 1                   | lora_dropout
          target_modules: []                | target_modules
          learning_rate: 0                  | learning_rate
          lr_scheduler_type: exponential    | lr_scheduler_type
          lr_scheduler_type: linear         | max_steps
          max_tokens_per_batch: 8           | max_tokens_per_batch
          max_records_per_batch: 0          | max_records_per_batch
          max_passes: 0                     | max_passes
          steps_per_batch: 4                | steps_per_batch
          linger: 2h                        | linger
          clock_slack: 1h                   | clock_slack
          max_length: 1                     | max_length
          max_length: 4096                  | max_length
          replay: {share: 1}                | replay.share
          replay: {capacity_records: -1}    | replay.capacity_records
          replay: {capacity_bytes: -1}      | replay.capacity_bytes
          candidate: {every_examples: 0}    | candidate.every_examples
          candidate: {quiet: -1s}           | candidate.quiet
          candidate: {after: 31d}           | candidate.after
          checkpoint: {keep: 0}             | checkpoint.keep
          checkpoint: {orphan_grace: 1s}    | checkpoint.orphan_grace
          checkpoint: {collect_every: 10ms} | checkpoint.collect_every
          group_id: ''                      | group_id
          lora_rank: 8                      | r
          """)
  void badValueIsNamed(String yaml, String field) {
    ConfigException refusal = assertThrows(ConfigException.class, () -> read(yaml));
    assertTrue(refusal.getMessage().contains(field), refusal::getMessage);
  }

  @Test
  void lengthFollowsTheModelAndTheBudget() {
    assertEquals(64, read("").maxLength(64));
    assertEquals(2_457, read("").maxLength(100_000));
    assertThrows(ConfigException.class, () -> read("max_length: 128").maxLength(64));
  }

  @Test
  void rankAndRateFollowTheModelUnlessTheyAreSaid() {
    AdapterDefaults defaults = AdapterDefaults.of(MODEL);
    assertEquals(defaults.r(), read("").lora(MODEL).r());
    assertEquals(2.0 * defaults.r(), read("").lora(MODEL).loraAlpha());
    assertEquals(defaults.learningRate(), read("").optimizer(MODEL).learningRate());
    assertEquals(8.0, read("r: 4").lora(MODEL).loraAlpha());
    assertEquals(1e-3, read("learning_rate: 1e-3").optimizer(MODEL).learningRate());
  }

  @Test
  void stepHasRoomForTheLongestExample() {
    LessonPlan small = read("max_tokens_per_batch: 64").lessonPlan();
    assertEquals(38, small.stepTokens());
    assertTrue(read("").lessonPlan().stepTokens() <= read("").maxLength(100_000));
  }

  @Test
  void directoriesAreRequired() {
    Path path = Path.of("x");
    assertThrows(ConfigException.class, () -> new TrainerConfig(null, path, null, null, null));
    assertThrows(ConfigException.class, () -> new TrainerConfig(path, null, null, null, null));
    assertEquals(TrainingConfig.DEFAULT, new TrainerConfig(path, path, null, null, null).trainer());
  }

  private static TrainingConfig read(String yaml) {
    return StrictYaml.parse(yaml, "test.yaml", TrainingConfig.class);
  }
}
