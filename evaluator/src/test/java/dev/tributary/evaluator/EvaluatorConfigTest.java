package dev.tributary.evaluator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.evaluator.gate.GatePolicy;
import dev.tributary.evaluator.score.ScoringConfig;
import dev.tributary.evaluator.suite.SuiteLimits;
import dev.tributary.foundation.config.StrictYaml;
import dev.tributary.foundation.error.ConfigException;
import dev.tributary.schemas.topics.TopicSettings;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvaluatorConfigTest {

  @Test
  void emptySectionGivesTheDefaults() {
    EvaluatorConfig config = parse("");

    assertEquals(8083, config.http().port());
    assertEquals(TopicSettings.DEFAULT, config.topics());
    assertEquals(GatePolicy.defaults(), config.gate());
    assertEquals(new SuiteLimits(500, 200, 100_000), config.suite());
    assertEquals(new ScoringConfig(2_048, 128, 16, 64, 64, 64, 200_000), config.scoring());
  }

  @Test
  void everyKeyIsRead() {
    EvaluatorConfig config =
        parse(
            """
            http: {port: 9000}
            topics: {partitions: 8, replication_factor: 3}
            schema_registry: http://localhost:8081
            state_dir: /var/lib/evaluator
            artifacts_dir: /srv/artifacts
            published_dir: /srv/adapters
            gate: {max_regression: 0.1}
            suite: {max_records_per_slice: 50, max_slices: 20, max_facts: 10}
            scoring:
              max_tokens_per_batch: 512
              scored_told_records: 7
              generated_records_per_slice: 0
              generated_told_records: 5
              generated_recall_records: 6
              max_generated_tokens: 16
              cached_scores: 10
            """);

    assertEquals(9000, config.http().port());
    assertEquals(new TopicSettings(8, 3), config.topics());
    assertEquals("http://localhost:8081", config.schemaRegistry());
    assertEquals(Path.of("/var/lib/evaluator"), config.stateDir());
    assertEquals(Path.of("/srv/artifacts"), config.artifactsDir());
    assertEquals(Path.of("/srv/adapters"), config.publishedDir());
    assertEquals(0.1, config.gate().maxRegression());
    assertEquals(new SuiteLimits(50, 20, 10), config.suite());
    assertEquals(new ScoringConfig(512, 7, 0, 5, 6, 16, 10), config.scoring());
  }

  @Test
  void releasesArePublishedBelowTheStateDirectoryUnlessToldOtherwise() {
    assertEquals(Path.of("/s/published"), parse("state_dir: /s").publishedDir());
  }

  @Test
  void aMissingDirectoryIsNamed() {
    ConfigException refused =
        assertThrows(ConfigException.class, () -> parse("").requireComplete());

    assertTrue(refused.getMessage().startsWith("state_dir"), refused.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "'scoring: {max_tokens_per_batch: 0}',evaluator.scoring.max_tokens_per_batch",
    "'scoring: {generated_records_per_slice: -1}',evaluator.scoring.generated_records_per_slice",
    "'scoring: {generated_told_records: 0}',evaluator.scoring.generated_told_records",
    "'scoring: {generated_recall_records: -1}',evaluator.scoring.generated_recall_records",
    "'scoring: {max_generated_tokens: 0}',evaluator.scoring.max_generated_tokens",
    "'scoring: {cached_scores: -1}',evaluator.scoring.cached_scores",
    "'suite: {max_slices: 0}',evaluator.suite.max_slices",
    "'suite: {max_facts: 0}',evaluator.suite.max_facts",
    "'publish_dir: /x',published_dir"
  })
  void aBadValueOrKeyIsNamed(String yaml, String words) {
    ConfigException refused = assertThrows(ConfigException.class, () -> parse(yaml));

    assertTrue(refused.getMessage().contains(words), refused.getMessage());
  }

  private static EvaluatorConfig parse(String yaml) {
    return StrictYaml.parse(yaml, "evaluator.yaml", EvaluatorConfig.class);
  }
}
