package dev.tributary.trainer.checkpoint;

import dev.tributary.foundation.error.ConfigException;
import dev.tributary.foundation.error.RetriableException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;

/**
 * Which log offsets belong to. A topic that was deleted and made again, or one of the same name on
 * another cluster, has the same name and other offsets; going on there would silently skip or
 * repeat records.
 *
 * @param clusterId Kafka's cluster id
 * @param topic topic name
 * @param topicId topic UUID, as text
 */
public record InputIdentity(String clusterId, String topic, String topicId) {

  public static InputIdentity lookUp(Admin admin, String topic, Duration limit) {
    try {
      long millis = limit.toMillis();
      String cluster = admin.describeCluster().clusterId().get(millis, TimeUnit.MILLISECONDS);
      String topicId =
          admin
              .describeTopics(List.of(topic))
              .topicNameValues()
              .get(topic)
              .get(millis, TimeUnit.MILLISECONDS)
              .topicId()
              .toString();
      return new InputIdentity(cluster, topic, topicId);
    } catch (ExecutionException | TimeoutException e) {
      throw new RetriableException(
          "topic %s cannot be looked up; is the broker there?".formatted(topic), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RetriableException("interrupted while looking up topic " + topic, e);
    }
  }

  /**
   * Stops training rather than going on from offsets of another log.
   *
   * @param where what carries the recorded identity, for the message
   */
  public void requireSame(InputIdentity recorded, String where) {
    if (!equals(recorded)) {
      throw new ConfigException(
          ("%s belongs to topic %s (id %s) on cluster %s, but here is topic %s (id %s) on cluster"
                  + " %s: the topic was made again or the broker is another one; connect to the"
                  + " original, or start afresh with empty topics and a new consumer group")
              .formatted(
                  where,
                  recorded.topic,
                  recorded.topicId,
                  recorded.clusterId,
                  topic,
                  topicId,
                  clusterId));
    }
  }
}
