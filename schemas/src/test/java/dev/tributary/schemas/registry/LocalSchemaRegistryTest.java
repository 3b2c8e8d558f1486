package dev.tributary.schemas.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.foundation.error.BadRecordException;
import dev.tributary.foundation.error.ConfigException;
import dev.tributary.schemas.Feedback;
import dev.tributary.schemas.Interaction;
import dev.tributary.schemas.Samples;
import dev.tributary.schemas.topics.Topics;
import java.util.HashSet;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.Test;

class LocalSchemaRegistryTest {

  private static final String FEEDBACK = "dev.tributary.schemas.Feedback";

  private final LocalSchemaRegistry registry = new LocalSchemaRegistry();

  @Test
  void processesThatNeverMetAgreeOnIds() {
    // when
    int id = registry.register(FEEDBACK, Feedback.getClassSchema());

    // then
    assertEquals(id, new LocalSchemaRegistry().register(FEEDBACK, Feedback.getClassSchema()));
    assertEquals(FEEDBACK, new LocalSchemaRegistry().schema(id).getFullName());
    assertTrue(id >= 0);
  }

  @Test
  void idsNeverChangeBetweenReleases() {
    // The ids in every record ever written: a change here makes old records unreadable.
    assertEquals(906_589_814, registry.register(FEEDBACK, Feedback.getClassSchema()));
    assertEquals(
        1_229_867_780,
        registry.register(Subjects.of(Interaction.getClassSchema()), Interaction.getClassSchema()));
  }

  @Test
  void everyContractHasAnIdOfItsOwn() {
    Set<Integer> ids = new HashSet<>();
    for (String subject : Topics.subjects()) {
      ids.add(Fingerprints.id(ReleasedSchemas.of(subject).getLast()));
    }
    assertEquals(Topics.subjects().size(), ids.size());
  }

  @Test
  void takesACompatibleSchemaAndKnowsItAfterwards() {
    int id = registry.register(FEEDBACK, Samples.olderFeedback());
    assertEquals(Samples.olderFeedback(), registry.schema(id));
    assertEquals(id, registry.register(FEEDBACK, Samples.olderFeedback()));
  }

  @Test
  void refusesAnIncompatibleSchemaSayingWhereAndWhatToDo() {
    // given
    Schema bad =
        SchemaBuilder.record("Feedback")
            .namespace("dev.tributary.schemas")
            .fields()
            .requiredInt("feedback_id")
            .endRecord();

    // when
    ConfigException refusal =
        assertThrows(ConfigException.class, () -> registry.register(FEEDBACK, bad));

    // then
    assertTrue(
        refusal.getMessage().contains("TYPE_MISMATCH at /fields/0/type"), refusal.getMessage());
    assertTrue(refusal.getMessage().contains("version 1"), refusal.getMessage());
    assertTrue(refusal.getMessage().contains("add fields with defaults"), refusal.getMessage());
    assertThrows(
        BadRecordException.class,
        () -> registry.schema(Fingerprints.id(bad)),
        "refused, yet known");
  }

  @Test
  void anUnknownIdIsABadRecord() {
    BadRecordException refusal =
        assertThrows(BadRecordException.class, () -> registry.schema(12345));
    assertEquals("unknown_schema", refusal.reason());
    assertTrue(refusal.getMessage().contains("12345"));
  }

  @Test
  void theRegistryIsChosenByUrl() {
    assertTrue(SchemaRegistries.open(null) instanceof LocalSchemaRegistry);
    assertTrue(SchemaRegistries.open("http://127.0.0.1:8081/") instanceof HttpSchemaRegistry);
    for (String bad : new String[] {"", "localhost:8081", "file:///etc", "http://", "a b"}) {
      ConfigException refusal =
          assertThrows(ConfigException.class, () -> SchemaRegistries.open(bad), bad);
      assertTrue(refusal.getMessage().contains("schema_registry.url"), refusal.getMessage());
    }
  }
}
