package dev.tributary.ingest.topology.example;

import dev.tributary.foundation.error.BadRecordException;
import dev.tributary.ingest.metrics.FeedbackOutcome;
import dev.tributary.ingest.metrics.IngestMetrics;
import dev.tributary.ingest.metrics.RecordKind;
import dev.tributary.schemas.ExampleKind;
import dev.tributary.schemas.Feedback;
import dev.tributary.schemas.Interaction;
import dev.tributary.schemas.Origin;
import dev.tributary.schemas.TrainingExample;
import dev.tributary.schemas.topics.Topics;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Makes an example of joined feedback: a thumb judges the answer given (binary), a correction gives
 * the right one (supervised), a preference says which of two is better (preference pair). Other
 * kinds are kept in Kafka and counted; no example is made of them.
 */
public final class FeedbackMapper implements Function<JoinedFeedback, Optional<TrainingExample>> {

  private final IngestMetrics metrics;

  public FeedbackMapper(IngestMetrics metrics) {
    this.metrics = metrics;
  }

  /**
   * @throws BadRecordException {@code empty_completion} where the answer to learn from is empty,
   *     {@code identical_pair} where a preference does not choose
   */
  @Override
  public Optional<TrainingExample> apply(JoinedFeedback joined) {
    Interaction interaction = joined.interaction();
    Feedback feedback = joined.feedback();
    return switch (feedback.getKind()) {
      case THUMB -> {
        String answer = answerGiven(interaction);
        yield finish(
            begin(joined, ExampleKind.BINARY).setCompletion(answer).setDesirable(isUp(feedback)));
      }
      case CORRECTION -> finish(correction(joined));
      case PREFERENCE -> finish(preference(joined));
      case RATING, LABEL, COMMENT -> {
        metrics.feedback(FeedbackOutcome.NO_EXAMPLE);
        yield Optional.empty();
      }
    };
  }

  /** Whether an example is made of feedback of this kind. */
  public static boolean givesExample(Feedback feedback) {
    return switch (feedback.getKind()) {
      case THUMB, CORRECTION, PREFERENCE -> true;
      case RATING, LABEL, COMMENT -> false;
    };
  }

  /** The answer given is kept beside the right one: it tells which other questions had it too. */
  private TrainingExample.Builder correction(JoinedFeedback joined) {
    String given = joined.interaction().getCompletion();
    return begin(joined, ExampleKind.SUPERVISED)
        .setCompletion(joined.feedback().getCorrection())
        .setRejected(given.isBlank() ? null : given);
  }

  private TrainingExample.Builder preference(JoinedFeedback joined) {
    Feedback feedback = joined.feedback();
    String rejected =
        feedback.getRejected() == null ? answerGiven(joined.interaction()) : feedback.getRejected();
    if (rejected.strip().equals(feedback.getPreferred().strip())) {
      throw new BadRecordException(
          "identical_pair", "preferred and rejected are the same text; give two answers");
    }
    return begin(joined, ExampleKind.PREFERENCE)
        .setCompletion(feedback.getPreferred())
        .setRejected(rejected);
  }

  private TrainingExample.Builder begin(JoinedFeedback joined, ExampleKind kind) {
    Interaction interaction = joined.interaction();
    Feedback feedback = joined.feedback();
    return TrainingExample.newBuilder()
        .setExampleId("")
        .setAdapter(interaction.getAdapter())
        .setKind(kind)
        .setMessages(interaction.getMessages())
        .setPrompt(interaction.getPrompt())
        .setSlice(firstOf(feedback.getSlice(), interaction.getSlice(), "default"))
        .setFactKey(factKey(feedback))
        .setSource(feedback.getSource())
        .setTrust(TrustedSources.trust(TrustedSources.mayCorrect(feedback.getSource())))
        .setAuthorId(feedback.getAuthorId())
        .setSubjectId(firstOf(feedback.getSubjectId(), interaction.getSubjectId(), null))
        .setOrigin(
            new Origin(
                Topics.FEEDBACK.name(),
                feedback.getFeedbackId(),
                interaction.getRequestId(),
                List.of(feedback.getFeedbackId())))
        .setEventTime(feedback.getEventTime())
        .setIngestTime(later(interaction.getIngestTime(), feedback.getIngestTime()))
        .setMetadata(metadata(interaction, feedback));
  }

  private static Optional<TrainingExample> finish(TrainingExample.Builder example) {
    return Optional.of(example.setExampleId(ExampleId.of(example.build())).build());
  }

  private static String answerGiven(Interaction interaction) {
    if (interaction.getCompletion().isBlank()) {
      throw new BadRecordException(
          "empty_completion",
          "interaction %s has an empty completion to judge".formatted(interaction.getRequestId()));
    }
    return interaction.getCompletion();
  }

  /** Above the middle of its scale; without a scale, above zero: both ±1 and 0/1 are in use. */
  private static boolean isUp(Feedback feedback) {
    boolean scaled = feedback.getScaleMin() != null && feedback.getScaleMax() != null;
    double middle = scaled ? (feedback.getScaleMin() + feedback.getScaleMax()) / 2 : 0;
    return feedback.getValue() > middle;
  }

  private String factKey(Feedback feedback) {
    if (feedback.getFactKey() == null || TrustedSources.mayCorrect(feedback.getSource())) {
      return feedback.getFactKey();
    }
    metrics.factKeyIgnored(RecordKind.FEEDBACK);
    return null;
  }

  private static Map<String, String> metadata(Interaction interaction, Feedback feedback) {
    Map<String, String> pairs = new HashMap<>(interaction.getMetadata());
    pairs.putAll(feedback.getMetadata());
    return pairs;
  }

  private static String firstOf(String first, String second, String otherwise) {
    if (first != null) {
      return first;
    }
    return second == null ? otherwise : second;
  }

  private static Instant later(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }
}
