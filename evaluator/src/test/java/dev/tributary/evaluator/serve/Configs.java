package dev.tributary.evaluator.serve;

import dev.tributary.foundation.AdapterId;
import dev.tributary.platform.http.HttpConfig;
import dev.tributary.schemas.topics.TopicSettings;
import java.util.List;

/** Configurations of tests. */
final class Configs {

  private Configs() {}

  /** On a free port, one partition a topic, one adapter known beforehand. */
  static ServeConfig serving(AdapterId adapter) {
    return onPort(adapter, 0);
  }

  static ServeConfig onPort(AdapterId adapter, int port) {
    return new ServeConfig(
        HttpConfig.onPort(port),
        new TopicSettings(1, 1),
        null,
        null,
        null,
        null,
        null,
        null,
        List.of(adapter.toString()),
        null,
        null,
        null);
  }
}
