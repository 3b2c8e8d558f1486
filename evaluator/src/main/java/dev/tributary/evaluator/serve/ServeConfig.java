package dev.tributary.evaluator.serve;

import dev.tributary.evaluator.serve.record.FullBufferPolicy;
import dev.tributary.foundation.AdapterId;
import dev.tributary.foundation.error.ConfigException;
import dev.tributary.platform.http.HttpConfig;
import dev.tributary.schemas.topics.TopicSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The {@code serve:} map of the configuration. Absent keys take their defaults.
 *
 * @param http where it listens; default 127.0.0.1:8080
 * @param topics how topics are made that are missing; must agree with the other services
 * @param schemaRegistry URL of a Confluent-compatible registry; default: the schemas that come with
 *     the program
 * @param publishedDir where the evaluator's published directory is found on this machine; default:
 *     where the releases say
 * @param workers threads that make answers, each with memory of its own, 1 to 64; default 1
 * @param batchSize answers that one worker makes at once, 1 to 256; default 16
 * @param queueCapacity requests that may wait for a worker, 1 to 10,000; more are answered 429;
 *     default 64
 * @param answerTimeout longest time of one answer, waiting included, 1 s to 1 h; default 2 min
 * @param adapters adapters, as {@code tenant/domain}, that may be asked for before they have a
 *     release; the base model answers then, and the interaction is recorded for the adapter
 * @param cachedVersions versions kept in memory that were asked for by their own name, 1 to 1,000;
 *     default 8
 * @param recordCapacity interactions that may wait for the broker, 1 to 1,000,000; default 10,000
 * @param recordWhenFull whether to {@code answer} unrecorded or to {@code refuse} while no more may
 *     wait; default {@code answer}
 */
public record ServeConfig(
    HttpConfig http,
    TopicSettings topics,
    String schemaRegistry,
    Path publishedDir,
    Integer workers,
    Integer batchSize,
    Integer queueCapacity,
    Duration answerTimeout,
    List<String> adapters,
    Integer cachedVersions,
    Integer recordCapacity,
    FullBufferPolicy recordWhenFull) {

  private static final int DEFAULT_PORT = 8080;

  /** What holds where the configuration says nothing. */
  public static final ServeConfig DEFAULT =
      new ServeConfig(null, null, null, null, null, null, null, null, null, null, null, null);

  public ServeConfig {
    http = HttpConfig.orPort(http, DEFAULT_PORT);
    topics = topics == null ? TopicSettings.DEFAULT : topics;
    workers = workers == null ? 1 : workers;
    batchSize = batchSize == null ? 16 : batchSize;
    queueCapacity = queueCapacity == null ? 64 : queueCapacity;
    answerTimeout = answerTimeout == null ? Duration.ofMinutes(2) : answerTimeout;
    adapters = adapters == null ? List.of() : List.copyOf(adapters);
    cachedVersions = cachedVersions == null ? 8 : cachedVersions;
    recordCapacity = recordCapacity == null ? 10_000 : recordCapacity;
    recordWhenFull = recordWhenFull == null ? FullBufferPolicy.ANSWER : recordWhenFull;
    requireRange("workers", workers, 1, 64);
    requireRange("batch_size", batchSize, 1, 256);
    requireRange("queue_capacity", queueCapacity, 1, 10_000);
    requireRange("cached_versions", cachedVersions, 1, 1_000);
    requireRange("record_capacity", recordCapacity, 1, 1_000_000);
    if (answerTimeout.compareTo(Duration.ofSeconds(1)) < 0
        || answerTimeout.compareTo(Duration.ofHours(1)) > 0) {
      throw ConfigException.of(
          "serve.answer_timeout", answerTimeout, "use a duration from 1s to 1h, such as 2m");
    }
    adapters.forEach(AdapterId::parse);
  }

  /** The same with what all services share; a registry this section names itself stays. */
  public ServeConfig within(TopicSettings sharedTopics, String sharedRegistry) {
    return new ServeConfig(
        http,
        sharedTopics,
        schemaRegistry == null ? sharedRegistry : schemaRegistry,
        publishedDir,
        workers,
        batchSize,
        queueCapacity,
        answerTimeout,
        adapters,
        cachedVersions,
        recordCapacity,
        recordWhenFull);
  }

  Set<AdapterId> adapterIds() {
    return adapters.stream().map(AdapterId::parse).collect(Collectors.toUnmodifiableSet());
  }

  private static void requireRange(String key, int value, int min, int max) {
    if (value < min || value > max) {
      throw ConfigException.of(
          "serve." + key, value, "use a whole number from %d to %d".formatted(min, max));
    }
  }
}
