package dev.tributary.ingest.topology;

import dev.tributary.foundation.error.RetriableException;
import dev.tributary.ingest.topology.example.Claim;
import dev.tributary.ingest.topology.state.FeedbackState;
import dev.tributary.ingest.topology.state.JoinStores;
import dev.tributary.ingest.topology.state.TrustState;
import dev.tributary.ingest.topology.state.Voices;
import dev.tributary.platform.health.Health;
import dev.tributary.platform.health.HealthStatus;
import dev.tributary.platform.metrics.ServiceMetrics;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyWindowStore;
import org.apache.kafka.streams.state.WindowStoreIterator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the topology: reports its health, answers where a feedback record stands, and stops within
 * five seconds. The topics must exist before it starts. Thread-safe.
 */
public final class StreamsRunner implements RecordStates, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(StreamsRunner.class);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(4);
  private static final Instant END_OF_TIME = Instant.ofEpochMilli(Long.MAX_VALUE);

  private final KafkaStreams streams;

  private StreamsRunner(KafkaStreams streams) {
    this.streams = streams;
  }

  /**
   * Starts the topology and returns at once; {@code health} gets the component {@code topology},
   * ready once partitions are assigned and their state is loaded. A failure that only a restart can
   * cure ends the service's liveness.
   *
   * @param settings as of {@link StreamsSettings}
   */
  public static StreamsRunner start(
      Topology topology, Map<String, Object> settings, Health health) {
    KafkaStreams streams = new KafkaStreams(topology, new StreamsConfig(settings));
    streams.setUncaughtExceptionHandler(
        new FailurePolicy(reason -> health.failed("topology stopped: " + reason)));
    StreamsRunner runner = new StreamsRunner(streams);
    health.check("topology", runner::health);
    streams.start();
    return runner;
  }

  /** Adds Kafka Streams' own meters. */
  public void bindTo(ServiceMetrics metrics) {
    metrics.bind(
        new KafkaStreamsMetrics(
            streams, Tags.empty(), metrics.scheduler(), ServiceMetrics.REFRESH_INTERVAL));
  }

  @Override
  public Optional<FeedbackStatus> feedback(String feedbackId) {
    return this.<FeedbackState>newest(JoinStores.FEEDBACK, feedbackId)
        .map(state -> status(feedbackId, state));
  }

  @Override
  public Optional<VoiceStatus> voices(String topic, String recordId) {
    return this.<TrustState>newest(JoinStores.TRUST, JoinStores.trustKey(topic, recordId))
        .map(state -> status(state, countVoices(state)));
  }

  private int countVoices(TrustState state) {
    String claim = new Claim(state.getAdapter(), state.getQuestion(), state.getAnswer()).key();
    return this.<Voices>newest(JoinStores.VOICES, claim)
        .map(voices -> voices.getVoices().size())
        .orElse(0);
  }

  private <V> Optional<V> newest(String name, String key) {
    try {
      ReadOnlyWindowStore<String, V> store =
          streams.store(
              StoreQueryParameters.fromNameAndType(name, QueryableStoreTypes.windowStore()));
      try (WindowStoreIterator<V> newestFirst =
          store.backwardFetch(key, Instant.EPOCH, END_OF_TIME)) {
        return newestFirst.hasNext() ? Optional.of(newestFirst.next().value) : Optional.empty();
      }
    } catch (InvalidStateStoreException | IllegalStateException e) {
      throw new RetriableException(
          "where the record stands is not known here now: " + health().reason(), e);
    }
  }

  /**
   * Stops and leaves the group, so that a restart need not wait for this member's session to end.
   */
  @Override
  public void close() {
    CloseOptions options =
        CloseOptions.timeout(CLOSE_LIMIT)
            .withGroupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP);
    if (!streams.close(options)) {
      LOG.warn(
          "the stream did not stop within {}; what was not committed is processed again",
          CLOSE_LIMIT);
    }
  }

  private HealthStatus health() {
    KafkaStreams.State state = streams.state();
    return switch (state) {
      case RUNNING -> HealthStatus.up();
      case CREATED, REBALANCING -> HealthStatus.notReady("waiting for partitions and their state");
      default -> HealthStatus.notReady("stopped (" + state + ")");
    };
  }

  private static FeedbackStatus status(String feedbackId, FeedbackState state) {
    return new FeedbackStatus(
        feedbackId,
        state.getRequestId(),
        JoinStatus.valueOf(state.getStatus().name()),
        state.getReceivedAt(),
        state.getUpdatedAt());
  }

  private static VoiceStatus status(TrustState state, int voices) {
    return new VoiceStatus(
        VoiceStatus.Stage.valueOf(state.getStatus().name()),
        state.getAdapter(),
        state.getRequestId(),
        voices,
        state.getReceivedAt(),
        state.getUpdatedAt());
  }
}
