package dev.tributary.trainer.config;

import dev.tributary.foundation.error.ConfigException;
import dev.tributary.schemas.topics.TopicSettings;
import java.nio.file.Path;

/**
 * What a trainer needs to know beside Kafka and the base model.
 *
 * @param stateDir directory only this process uses: its lock, its identity, scratch files
 * @param artifactsDir artefact store shared by trainers, evaluators and servers
 * @param topics how wide missing topics are made
 * @param schemaRegistry URL of a Confluent-compatible registry, or null for the local one
 * @param trainer the {@code trainer:} section
 */
public record TrainerConfig(
    Path stateDir,
    Path artifactsDir,
    TopicSettings topics,
    String schemaRegistry,
    TrainingConfig trainer) {

  public TrainerConfig {
    if (stateDir == null) {
      throw ConfigException.of("state_dir", null, "name a directory only this process uses");
    }
    if (artifactsDir == null) {
      throw ConfigException.of(
          "artifacts_dir", null, "name the directory that all services keep artefacts in");
    }
    topics = topics == null ? TopicSettings.DEFAULT : topics;
    trainer = trainer == null ? TrainingConfig.DEFAULT : trainer;
  }
}
