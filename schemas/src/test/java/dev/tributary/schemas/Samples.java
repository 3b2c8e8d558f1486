package dev.tributary.schemas;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;

/** One record of each contract that tests need, every optional field set. */
public final class Samples {

  public static final Instant TIME = Instant.parse("2026-01-15T12:00:00.123Z");

  private Samples() {}

  public static Feedback feedback() {
    return Feedback.newBuilder()
        .setFeedbackId("f1")
        .setRequestId("r1")
        .setSessionId("s1")
        .setName("helpful")
        .setKind(FeedbackKind.CORRECTION)
        .setValue(4.5)
        .setScaleMin(1.0)
        .setScaleMax(5.0)
        .setLabel("good")
        .setComment("Grüße 👋")
        .setCorrection("Right")
        .setPreferred("Better")
        .setRejected("Worse")
        .setSlice("returns")
        .setFactKey("returns.days")
        .setSource(FeedbackSource.AGENT)
        .setAuthorId("a1")
        .setSubjectId("p1")
        .setEventTime(TIME)
        .setIngestTime(TIME.plusMillis(1))
        .setMetadata(Map.of("k", "v"))
        .build();
  }

  public static TrainingExample example() {
    return TrainingExample.newBuilder()
        .setExampleId("e1")
        .setAdapter("acme/support")
        .setKind(ExampleKind.PREFERENCE)
        .setMessages(
            List.of(
                new ChatMessage("user", "Hi", null), new ChatMessage("assistant", "Hello", 0.0)))
        .setCompletion("Better")
        .setRejected("Worse")
        .setDesirable(true)
        .setOrigin(new Origin("topic", "f1", "r1", List.of("f1", "f2")))
        .setEventTime(TIME)
        .setIngestTime(TIME)
        .setMetadata(Map.of("k", "v"))
        .build();
  }

  /** Feedback as a program would write it that was compiled against fewer fields. */
  public static Schema olderFeedback() {
    return SchemaBuilder.record("Feedback")
        .namespace("dev.tributary.schemas")
        .fields()
        .requiredString("feedback_id")
        .requiredString("request_id")
        .name("kind")
        .type(FeedbackKind.getClassSchema())
        .noDefault()
        .name("event_time")
        .type(time())
        .noDefault()
        .name("ingest_time")
        .type(time())
        .noDefault()
        .endRecord();
  }

  private static Schema time() {
    return Feedback.getClassSchema().getField("event_time").schema();
  }
}
