package dev.tributary.ingest.topology;

import dev.tributary.foundation.error.BadRecordException;
import dev.tributary.ingest.metrics.FeedbackOutcome;
import dev.tributary.ingest.metrics.IngestMetrics;
import dev.tributary.ingest.metrics.RecordKind;
import dev.tributary.ingest.topology.Outcome.Accepted;
import dev.tributary.ingest.topology.example.FeedbackMapper;
import dev.tributary.ingest.topology.example.JoinedFeedback;
import dev.tributary.ingest.topology.state.Bytes;
import dev.tributary.ingest.topology.state.FeedbackState;
import dev.tributary.ingest.topology.state.JoinStores;
import dev.tributary.ingest.topology.state.Recent;
import dev.tributary.ingest.topology.state.Role;
import dev.tributary.ingest.topology.state.SourceRecord;
import dev.tributary.ingest.topology.state.Status;
import dev.tributary.ingest.topology.state.WaitingFeedback;
import dev.tributary.schemas.Feedback;
import dev.tributary.schemas.Interaction;
import dev.tributary.schemas.serde.AvroDecoder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Brings feedback and the interaction it is about together, whichever comes first. Everything
 * arrives keyed by a request id or an alias, so both are in this partition.
 *
 * <p>Feedback that comes first waits for the join window, then becomes the dead letter {@code
 * unmatched}. Under one feedback id the newest event time wins; between equal times the content
 * hash decides, so that the result does not depend on the order of arrival. Windows end by the wall
 * clock: a record's own time could stop or flood a stream-time punctuation.
 */
final class JoinFeedback
    extends ContextualProcessor<String, SourceRecord, String, Outcome<JoinedFeedback>> {

  private final AvroDecoder<Interaction> interactionDecoder;
  private final AvroDecoder<Feedback> feedbackDecoder;
  private final Duration joinWindow;
  private final IngestMetrics metrics;
  private final Clock clock;

  private Recent<byte[]> interactions;
  private Recent<FeedbackState> states;
  private WaitingRoom<WaitingFeedback> waiting;

  JoinFeedback(
      AvroDecoder<Interaction> interactionDecoder,
      AvroDecoder<Feedback> feedbackDecoder,
      Duration joinWindow,
      IngestMetrics metrics,
      Clock clock) {
    this.interactionDecoder = interactionDecoder;
    this.feedbackDecoder = feedbackDecoder;
    this.joinWindow = joinWindow;
    this.metrics = metrics;
    this.clock = clock;
  }

  @Override
  public void init(ProcessorContext<String, Outcome<JoinedFeedback>> context) {
    super.init(context);
    interactions = new Recent<>(context.getStateStore(JoinStores.INTERACTIONS));
    states = new Recent<>(context.getStateStore(JoinStores.FEEDBACK));
    String task = context.taskId().toString();
    waiting =
        new WaitingRoom<>(
            context.getStateStore(JoinStores.WAITING),
            WaitingFeedback::getArrivedAt,
            count -> metrics.feedbackWaiting(task, count));
    context.schedule(
        WaitingRoom.sweepInterval(joinWindow),
        PunctuationType.WALL_CLOCK_TIME,
        time -> endWindows());
  }

  @Override
  public void process(Record<String, SourceRecord> record) {
    switch (record.value().getRole()) {
      case INTERACTION, ALIAS -> onInteraction(record.key(), record.value());
      case FEEDBACK -> onFeedback(record.value());
      case INSTRUCTION -> throw new IllegalStateException("instructions are not joined");
    }
  }

  @Override
  public void close() {
    if (waiting != null) {
      waiting.close();
    }
  }

  private void onInteraction(String id, SourceRecord source) {
    byte[] value = Bytes.copyOf(source.getValue());
    Interaction interaction = interactionDecoder.decode(value);
    Optional<Interaction> known = interactions.find(id).map(interactionDecoder::decode);
    if (known.isPresent()) {
      onKnownInteraction(id, known.get(), interaction, source);
      return;
    }
    interactions.put(id, value, clock.instant());
    for (WaitingFeedback held : waiting.remove(id)) {
      join(
          interaction,
          feedbackDecoder.decode(Bytes.copyOf(held.getSource().getValue())),
          held.getSource());
    }
  }

  private void onKnownInteraction(
      String id, Interaction known, Interaction repeated, SourceRecord source) {
    boolean same = ContentHash.of(known).equals(ContentHash.of(repeated));
    if (source.getRole() == Role.ALIAS) {
      // The interaction itself is kept under its request id; only this way to it is not.
      metrics.record(RecordKind.INTERACTION, same ? "duplicate_alias" : "alias_conflict");
    } else if (same) {
      metrics.record(RecordKind.INTERACTION, "duplicate");
    } else {
      forward(
          id,
          Stage.JOIN.reject(
              source,
              new BadRecordException(
                  "request_id_conflict",
                  ("request_id '%s' was used for another interaction;"
                          + " give every request an id of its own")
                      .formatted(id))));
    }
  }

  private void onFeedback(SourceRecord source) {
    Feedback feedback = feedbackDecoder.decode(Bytes.copyOf(source.getValue()));
    Optional<FeedbackState> known = states.find(feedback.getFeedbackId());
    if (known.isPresent() && !isNews(feedback, known.get())) {
      return;
    }
    known
        .filter(state -> state.getStatus() == Status.WAITING)
        .ifPresent(state -> waiting.remove(state.getRequestId(), feedback.getFeedbackId()));
    Optional<Interaction> interaction =
        interactions.find(feedback.getRequestId()).map(interactionDecoder::decode);
    if (interaction.isPresent()) {
      join(interaction.get(), feedback, source);
    } else {
      waiting.add(
          feedback.getRequestId(),
          feedback.getFeedbackId(),
          new WaitingFeedback(feedback.getFeedbackId(), clock.instant(), source));
      remember(feedback, Status.WAITING);
    }
  }

  /**
   * Counts feedback that changes nothing. What was unmatched may be sent again, unchanged, after a
   * fix.
   */
  private boolean isNews(Feedback feedback, FeedbackState known) {
    int newer = feedback.getEventTime().compareTo(known.getEventTime());
    int order = newer != 0 ? newer : ContentHash.of(feedback).compareTo(known.getContentHash());
    if (order < 0) {
      metrics.feedback(FeedbackOutcome.SUPERSEDED);
    } else if (order > 0) {
      metrics.feedback(FeedbackOutcome.REPLACED);
    } else if (known.getStatus() != Status.UNMATCHED) {
      metrics.feedback(FeedbackOutcome.DUPLICATE);
      return false;
    }
    return order >= 0;
  }

  private void join(Interaction interaction, Feedback feedback, SourceRecord source) {
    metrics.feedback(FeedbackOutcome.JOINED);
    remember(feedback, FeedbackMapper.givesExample(feedback) ? Status.JOINED : Status.NO_EXAMPLE);
    forward(
        interaction.getAdapter(),
        new Accepted<>(new JoinedFeedback(interaction, feedback), source));
  }

  private void endWindows() {
    for (WaitingFeedback expired : waiting.removeArrivedBefore(clock.instant().minus(joinWindow))) {
      Feedback feedback = feedbackDecoder.decode(Bytes.copyOf(expired.getSource().getValue()));
      metrics.feedback(FeedbackOutcome.UNMATCHED);
      remember(feedback, Status.UNMATCHED);
      forward(
          feedback.getRequestId(),
          Stage.JOIN.reject(
              expired.getSource(),
              new BadRecordException(
                  "unmatched",
                  ("no interaction '%s' within %s;"
                          + " send the feedback again once the interaction is there")
                      .formatted(feedback.getRequestId(), joinWindow))));
    }
  }

  private void remember(Feedback feedback, Status status) {
    String id = feedback.getFeedbackId();
    Instant now = clock.instant();
    // The newest entry is the one that counts, also if the clock was set back.
    Instant at = states.find(id).map(FeedbackState::getUpdatedAt).filter(now::isBefore).orElse(now);
    states.put(
        id,
        new FeedbackState(
            feedback.getRequestId(),
            status,
            feedback.getEventTime(),
            ContentHash.of(feedback),
            at,
            feedback.getIngestTime()),
        at);
  }

  private void forward(String key, Outcome<JoinedFeedback> outcome) {
    context().forward(new Record<>(key, outcome, clock.millis()));
  }
}
