package dev.tributary.ingest.topology;

import static dev.tributary.ingest.topology.Records.TIME;
import static dev.tributary.ingest.topology.Records.message;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.tributary.foundation.error.BadRecordException;
import dev.tributary.schemas.ChatMessage;
import dev.tributary.schemas.Feedback;
import dev.tributary.schemas.FeedbackKind;
import dev.tributary.schemas.InstructionRecord;
import dev.tributary.schemas.Interaction;
import dev.tributary.schemas.topics.Topics;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValidateTest {

  private static final Instant FAR_FUTURE = Instant.ofEpochMilli(Long.MAX_VALUE);
  private static final Map<String, String> SEVENTEEN_PAIRS =
      IntStream.range(0, 17).boxed().collect(Collectors.toMap(i -> "k" + i, i -> "v"));

  @TempDir Path directory;

  private TopologyFixture topology;

  @BeforeEach
  void start() {
    topology = TopologyFixture.trainingOnly(directory);
  }

  @AfterEach
  void stop() {
    topology.close();
  }

  static Stream<Arguments> unreadable() {
    return Stream.of(
        arguments("null_value", null),
        arguments("bad_magic", new byte[0]),
        arguments("bad_magic", new byte[] {0, 1, 2, 3}),
        arguments("bad_magic", "{\"feedback_id\":1}".getBytes(UTF_8)),
        arguments("unknown_schema", new byte[] {0, 0, 0, 0, 1, 9, 9}));
  }

  @ParameterizedTest
  @MethodSource("unreadable")
  void whatCannotBeReadBecomesADeadLetterWithItsOriginalBytes(String reason, byte[] value) {
    // given
    RecordHeaders headers = new RecordHeaders();
    headers.add("traceparent", "00-abc".getBytes(UTF_8));

    // when
    topology.send(Topics.FEEDBACK, new TestRecord<>("r1".getBytes(UTF_8), value, headers, TIME));

    // then
    TestRecord<byte[], byte[]> letter = topology.deadLetters().getFirst();
    assertArrayEquals(value, letter.value());
    assertArrayEquals("r1".getBytes(UTF_8), letter.key());
    assertEquals("00-abc", TopologyFixture.header(letter, "traceparent"));
    assertEquals("validate", TopologyFixture.header(letter, "tributary.stage"));
    assertEquals(reason, TopologyFixture.header(letter, "tributary.reason"));
    assertEquals(
        BadRecordException.class.getName(),
        TopologyFixture.header(letter, "__streams.errors.exception"));
    assertFalse(TopologyFixture.header(letter, "__streams.errors.message").isBlank());
    assertTrue(
        TopologyFixture.header(letter, "__streams.errors.stacktrace")
            .contains("BadRecordException"));
    assertEquals("tributary.feedback", TopologyFixture.header(letter, "__streams.errors.topic"));
    assertEquals("0", TopologyFixture.header(letter, "__streams.errors.partition"));
    assertEquals("0", TopologyFixture.header(letter, "__streams.errors.offset"));
    assertEquals(1, topology.count("tributary.deadletters", "stage", "validate", "reason", reason));
    assertEquals(
        1, topology.count("tributary.ingest.records", "kind", "feedback", "outcome", "rejected"));
  }

  @Test
  void aRecordCutShortIsMalformed() {
    // given
    byte[] whole = topology.encode(Feedback.class, Records.thumb("f1", "r1", 1).build());

    // when
    byte[] cut = Arrays.copyOf(whole, whole.length - 3);
    topology.send(Topics.FEEDBACK, new TestRecord<>("r1".getBytes(UTF_8), cut));

    // then
    assertReason("avro_malformed");
  }

  @Test
  void aRecordOfAnotherContractIsRefused() {
    // when
    topology.send(
        Topics.FEEDBACK,
        new TestRecord<>(
            "r1".getBytes(UTF_8),
            topology.encode(Interaction.class, Records.interaction("r1").build())));

    // then
    assertReason("schema_mismatch");
  }

  static Stream<Arguments> badInstructions() {
    return Stream.of(
        arguments("invalid_adapter", Records.instruction("i").setAdapter("../x")),
        arguments("invalid_adapter", Records.instruction("i").setAdapter("a/b/c")),
        arguments("invalid_adapter", Records.instruction("i").setAdapter("A/b")),
        arguments("invalid_adapter", Records.instruction("i").setAdapter("é/x")),
        arguments("invalid_adapter", Records.instruction("i").setAdapter("a/.")),
        arguments("invalid_adapter", Records.instruction("i").setAdapter("a/" + "b".repeat(64))),
        arguments("invalid_id", Records.instruction("")),
        arguments("invalid_id", Records.instruction("a\0b")),
        arguments("invalid_id", Records.instruction("x".repeat(257))),
        arguments("timestamp_range", Records.instruction("i").setEventTime(FAR_FUTURE)),
        arguments(
            "timestamp_range", Records.instruction("i").setEventTime(Instant.ofEpochMilli(-1))),
        arguments("timestamp_range", Records.instruction("i").setIngestTime(TIME.plusSeconds(301))),
        arguments("metadata_limit", Records.instruction("i").setMetadata(SEVENTEEN_PAIRS)),
        arguments("empty_completion", Records.instruction("i").setOutput(null)),
        arguments("empty_completion", Records.instruction("i").setOutput(" \n")),
        arguments("empty_prompt", Records.instruction("i").setInstruction(" ")),
        arguments(
            "ambiguous_prompt",
            Records.instruction("i").setMessages(List.of(message("user", "q")))),
        arguments("missing_target", chat(message("user", "q"))),
        arguments("empty_completion", chat(message("user", "q"), message("assistant", " "))),
        arguments("empty_prompt", chat(message("assistant", "a"))),
        arguments("invalid_role", chat(message("boss", "q"), message("assistant", "a"))));
  }

  @ParameterizedTest
  @MethodSource("badInstructions")
  void instructionsThatBreakARuleAreRefused(String reason, InstructionRecord.Builder record) {
    topology.send(record);
    assertReason(reason);
  }

  static Stream<Arguments> badInteractions() {
    return Stream.of(
        arguments("invalid_adapter", Records.interaction("r").setAdapter("acme")),
        arguments("invalid_id", Records.interaction(" ")),
        arguments("invalid_id", Records.interaction("r").setAliases(List.of("a", ""))),
        arguments("alias_limit", Records.interaction("r").setAliases(Collections.nCopies(17, "a"))),
        arguments("timestamp_range", Records.interaction("r").setEventTime(FAR_FUTURE)),
        arguments("timestamp_range", Records.interaction("r").setIngestTime(FAR_FUTURE)),
        arguments("metadata_limit", Records.interaction("r").setMetadata(SEVENTEEN_PAIRS)),
        arguments("empty_prompt", Records.interaction("r").setMessages(List.of())),
        arguments("ambiguous_prompt", Records.interaction("r").setPrompt("raw")),
        arguments("invalid_role", Records.interaction("r").setMessages(List.of(message("", "q")))));
  }

  @ParameterizedTest
  @MethodSource("badInteractions")
  void interactionsThatBreakARuleAreRefused(String reason, Interaction.Builder record) {
    topology.send(record);
    assertReason(reason);
  }

  static Stream<Arguments> badFeedback() {
    return Stream.of(
        arguments("invalid_id", Records.thumb("", "r", 1)),
        arguments("invalid_id", Records.thumb("f", "\n", 1)),
        arguments("timestamp_range", Records.thumb("f", "r", 1).setEventTime(FAR_FUTURE)),
        arguments(
            "timestamp_range",
            Records.thumb("f", "r", 1).setIngestTime(Instant.ofEpochMilli(Long.MIN_VALUE))),
        arguments("metadata_limit", Records.thumb("f", "r", 1).setMetadata(SEVENTEEN_PAIRS)),
        arguments("missing_value", Records.feedback("f", "r", FeedbackKind.THUMB)),
        arguments("missing_value", Records.feedback("f", "r", FeedbackKind.RATING)),
        arguments("missing_value", Records.feedback("f", "r", FeedbackKind.LABEL)),
        arguments(
            "missing_value", Records.feedback("f", "r", FeedbackKind.COMMENT).setComment(" ")),
        arguments("empty_completion", Records.feedback("f", "r", FeedbackKind.CORRECTION)),
        arguments("empty_completion", Records.correction("f", "r", "\t")),
        arguments("empty_completion", Records.feedback("f", "r", FeedbackKind.PREFERENCE)),
        arguments("value_range", Records.thumb("f", "r", Double.NaN)),
        arguments("value_range", Records.thumb("f", "r", Double.POSITIVE_INFINITY)),
        arguments("value_range", rating(6, 1.0, 5.0)),
        arguments("value_range", rating(0, 1.0, null)),
        arguments("value_range", rating(3, 5.0, 1.0)),
        arguments("value_range", rating(3, Double.NaN, 5.0)));
  }

  @ParameterizedTest
  @MethodSource("badFeedback")
  void feedbackThatBreaksARuleIsRefused(String reason, Feedback.Builder record) {
    topology.send(record);
    assertReason(reason);
  }

  @ParameterizedTest
  @ValueSource(strings = {"other/adapter", ""})
  void aKeyThatIsNotTheRecordsOwnIsRefused(String key) {
    topology.send(
        Topics.INSTRUCTIONS, key, InstructionRecord.class, Records.instruction("i").build());
    assertReason("key_mismatch");
  }

  @Test
  void aMissingKeyIsRefused() {
    topology.send(Topics.INTERACTIONS, null, Interaction.class, Records.interaction("r1").build());
    assertReason("key_mismatch");
  }

  @Test
  void feedbackUnderAnotherKeyIsRefused() {
    topology.send(Topics.FEEDBACK, "r2", Feedback.class, Records.thumb("f1", "r1", 1).build());
    assertReason("key_mismatch");
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MAX_VALUE, 0})
  void theKafkaTimestampNeitherHangsTheStreamNorEndsItsWindows(long timestamp) {
    // given feedback that waits
    topology.send(Records.thumb("f1", "r1", 1));

    // when
    topology.send(
        Topics.INTERACTIONS,
        new TestRecord<>(
            "r2".getBytes(UTF_8),
            topology.encode(Interaction.class, Records.interaction("r2").build()),
            new RecordHeaders(),
            timestamp));
    topology.send(Records.interaction("r1"));

    // then
    assertEquals(1, topology.examples().size());
    assertEquals(List.of(), topology.deadLetters());
  }

  @Test
  void fiveMinutesAheadIsClockSkewNotAnError() {
    topology.send(Records.instruction("i").setIngestTime(TIME.plusSeconds(300)));
    assertEquals(List.of(), topology.deadLetters());
  }

  private static InstructionRecord.Builder chat(ChatMessage... messages) {
    return Records.instruction("i")
        .setInstruction(null)
        .setOutput(null)
        .setMessages(List.of(messages));
  }

  private static Feedback.Builder rating(double value, Double min, Double max) {
    return Records.feedback("f", "r", FeedbackKind.RATING)
        .setValue(value)
        .setScaleMin(min)
        .setScaleMax(max);
  }

  private void assertReason(String reason) {
    List<TestRecord<byte[], byte[]>> letters = topology.deadLetters();
    assertEquals(
        List.of(reason),
        letters.stream().map(l -> TopologyFixture.header(l, "tributary.reason")).toList());
    assertEquals(List.of(), topology.examples());
  }
}
