package dev.tributary.ingest.topology;

import dev.tributary.ingest.metrics.IngestMetrics;
import dev.tributary.ingest.topology.state.WaitingFeedback;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The feedback of one task that waits for its interaction, found by request id. Keeps the gauge
 * right.
 */
final class WaitingRoom {

  /** Cannot occur in an id: validation refuses control characters. */
  private static final char SEPARATOR = '\0';

  /** Bounds the work, and so the transaction, of one round. */
  private static final int MAX_ROUND = 1_000;

  private static final Duration LONGEST_INTERVAL = Duration.ofSeconds(10);

  private final KeyValueStore<String, WaitingFeedback> store;
  private final String task;
  private final IngestMetrics metrics;
  private long count;

  WaitingRoom(KeyValueStore<String, WaitingFeedback> store, String task, IngestMetrics metrics) {
    this.store = store;
    this.task = task;
    this.metrics = metrics;
    try (KeyValueIterator<String, WaitingFeedback> all = store.all()) {
      all.forEachRemaining(entry -> count++);
    }
    metrics.waiting(task, count);
  }

  /** How often to look for ended windows: a tenth of the window, at most every ten seconds. */
  static Duration sweepInterval(Duration joinWindow) {
    Duration tenth = joinWindow.dividedBy(10);
    return tenth.compareTo(LONGEST_INTERVAL) < 0 ? tenth : LONGEST_INTERVAL;
  }

  void add(String requestId, WaitingFeedback feedback) {
    store.put(key(requestId, feedback.getFeedbackId()), feedback);
    metrics.waiting(task, ++count);
  }

  void remove(String requestId, String feedbackId) {
    if (store.delete(key(requestId, feedbackId)) != null) {
      metrics.waiting(task, --count);
    }
  }

  /** Takes out all feedback on a request, in the order of the feedback ids. */
  List<WaitingFeedback> remove(String requestId) {
    try (var waiting = store.prefixScan(requestId + SEPARATOR, new StringSerializer())) {
      return removeIf(waiting, Integer.MAX_VALUE, feedback -> true);
    }
  }

  /** Takes out what began to wait at or before a time; at most a round's worth. */
  List<WaitingFeedback> removeArrivedBefore(Instant time) {
    try (var waiting = store.all()) {
      return removeIf(waiting, MAX_ROUND, feedback -> !feedback.getArrivedAt().isAfter(time));
    }
  }

  void close() {
    metrics.waiting(task, 0);
  }

  private List<WaitingFeedback> removeIf(
      KeyValueIterator<String, WaitingFeedback> waiting,
      int limit,
      Predicate<WaitingFeedback> condition) {
    List<KeyValue<String, WaitingFeedback>> found = new ArrayList<>();
    while (waiting.hasNext() && found.size() < limit) {
      KeyValue<String, WaitingFeedback> entry = waiting.next();
      if (condition.test(entry.value)) {
        found.add(entry);
      }
    }
    found.forEach(entry -> store.delete(entry.key));
    count -= found.size();
    metrics.waiting(task, count);
    return found.stream().map(entry -> entry.value).toList();
  }

  private static String key(String requestId, String feedbackId) {
    return requestId + SEPARATOR + feedbackId;
  }
}
