package dev.tributary.evaluator.suite;

import dev.tributary.schemas.ExampleKind;
import dev.tributary.schemas.Origin;
import dev.tributary.schemas.TrainingExample;
import java.time.Instant;

/** Makes examples for tests. */
public final class Examples {

  public static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

  private Examples() {}

  public static TrainingExample.Builder builder(String id, String slice, String answer) {
    return TrainingExample.newBuilder()
        .setExampleId(id)
        .setAdapter("acme/support")
        .setKind(ExampleKind.SUPERVISED)
        .setPrompt("question " + id)
        .setCompletion(answer)
        .setSlice(slice)
        .setOrigin(Origin.newBuilder().setTopic("test").setRecordId(id).build())
        .setEventTime(NOON)
        .setIngestTime(NOON);
  }

  static SuiteRecord record(long offset, TrainingExample.Builder example) {
    return new SuiteRecord(example.build(), 0, offset);
  }

  static SuiteRecord record(long offset, String slice) {
    return record(offset, builder("e" + offset, slice, "answer"));
  }

  static SuiteRecord fact(long offset, String slice, String key, String answer, int minute) {
    return record(
        offset,
        builder("e" + offset, slice, answer)
            .setFactKey(key)
            .setEventTime(NOON.plusSeconds(60L * minute)));
  }
}
