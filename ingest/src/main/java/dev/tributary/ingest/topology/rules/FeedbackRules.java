package dev.tributary.ingest.topology.rules;

import dev.tributary.foundation.error.BadRecordException;
import dev.tributary.schemas.Feedback;
import java.time.Clock;

/** Feedback is keyed by the request it is about and holds what its kind says. */
public final class FeedbackRules implements Rules<Feedback> {

  private final Fields fields;

  public FeedbackRules(Clock clock) {
    this.fields = new Fields(clock);
  }

  @Override
  public void check(String key, Feedback record) {
    fields.id("feedback_id", record.getFeedbackId());
    fields.id("request_id", record.getRequestId());
    fields.key(key, "request_id", record.getRequestId());
    fields.time("event_time", record.getEventTime());
    fields.time("ingest_time", record.getIngestTime());
    fields.metadata(record.getMetadata());
    switch (record.getKind()) {
      case THUMB, RATING -> checkValue(record);
      case LABEL -> fields.text("missing_value", "label", record.getLabel());
      case COMMENT -> fields.text("missing_value", "comment", record.getComment());
      case CORRECTION -> fields.text("empty_completion", "correction", record.getCorrection());
      case PREFERENCE -> fields.text("empty_completion", "preferred", record.getPreferred());
    }
  }

  private static void checkValue(Feedback record) {
    Double value = record.getValue();
    if (value == null) {
      throw new BadRecordException(
          "missing_value",
          "a %s has no value; give the number".formatted(record.getKind().name().toLowerCase()));
    }
    double min = record.getScaleMin() == null ? Double.NEGATIVE_INFINITY : record.getScaleMin();
    double max = record.getScaleMax() == null ? Double.POSITIVE_INFINITY : record.getScaleMax();
    // Written so that NaN fails.
    if (!(min < max && value >= min && value <= max) || value.isInfinite()) {
      throw new BadRecordException(
          "value_range",
          "the value %s is not a number on the scale from %s to %s".formatted(value, min, max));
    }
  }
}
