package dev.tributary.evaluator;

import static java.util.Objects.requireNonNullElse;

import dev.tributary.evaluator.gate.GatePolicy;
import dev.tributary.evaluator.score.ScoringConfig;
import dev.tributary.evaluator.suite.SuiteLimits;
import dev.tributary.foundation.error.ConfigException;
import dev.tributary.platform.http.HttpConfig;
import dev.tributary.schemas.topics.TopicSettings;
import java.nio.file.Path;

/**
 * The {@code evaluator:} map of the configuration. Absent keys take their defaults.
 *
 * @param http where it listens; default 127.0.0.1:8083
 * @param topics how topics are made that are missing; must agree with the other services
 * @param schemaRegistry URL of a Confluent-compatible registry; default: the schemas that come with
 *     the program
 * @param stateDir directory only this evaluator uses
 * @param artifactsDir artefact store shared with the trainer
 * @param publishedDir where servers find released versions; default {@code published} below the
 *     state directory
 * @param gate what a candidate must show
 * @param suite how large suites grow
 * @param scoring how records are scored
 */
public record EvaluatorConfig(
    HttpConfig http,
    TopicSettings topics,
    String schemaRegistry,
    Path stateDir,
    Path artifactsDir,
    Path publishedDir,
    GatePolicy gate,
    SuiteLimits suite,
    ScoringConfig scoring) {

  private static final int DEFAULT_PORT = 8083;

  public EvaluatorConfig {
    http = HttpConfig.orPort(http, DEFAULT_PORT);
    topics = requireNonNullElse(topics, TopicSettings.DEFAULT);
    gate = requireNonNullElse(gate, GatePolicy.defaults());
    suite = requireNonNullElse(suite, SuiteLimits.defaults());
    scoring = requireNonNullElse(scoring, ScoringConfig.defaults());
    if (publishedDir == null && stateDir != null) {
      publishedDir = stateDir.resolve("published");
    }
  }

  /**
   * @throws ConfigException if a directory is missing that has no default
   */
  void requireComplete() {
    require("state_dir", stateDir);
    require("artifacts_dir", artifactsDir);
  }

  private static void require(String field, Path value) {
    if (value == null) {
      throw ConfigException.of(field, value, "name a directory");
    }
  }
}
