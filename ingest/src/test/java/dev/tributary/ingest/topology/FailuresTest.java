package dev.tributary.ingest.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.tributary.foundation.error.BadRecordException;
import dev.tributary.foundation.error.ConfigException;
import dev.tributary.foundation.error.RetriableException;
import dev.tributary.ingest.topology.state.Role;
import dev.tributary.ingest.topology.state.SourceRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whose fault a failure is decides what becomes of the record and of the stream. */
class FailuresTest {

  private static final SourceRecord SOURCE =
      new SourceRecord(Role.FEEDBACK, "tributary.feedback", 0, 7L, null, null, List.of());

  static Stream<Arguments> faultsOfTheRecord() {
    return Stream.of(
        arguments(new BadRecordException("empty_completion", "no text"), "empty_completion"),
        arguments(new IllegalStateException("ours"), "internal_error"),
        arguments(new NullPointerException(), "internal_error"));
  }

  @ParameterizedTest
  @MethodSource("faultsOfTheRecord")
  void aFaultThatComesWithTheRecordMakesItADeadLetter(RuntimeException fault, String reason) {
    // when
    Outcome<Object> outcome = Stage.MAP.attempt(SOURCE, () -> fail(fault));

    // then
    assertEquals(List.of(new DeadLetter(SOURCE, Stage.MAP, reason, fault)), outcome.deadLetters());
    assertEquals(List.of(), outcome.accepted());
  }

  static Stream<RuntimeException> troubleOutside() {
    return Stream.of(
        new RetriableException("the schema registry is away"),
        new ConfigException("the schema registry refuses us"),
        new TimeoutException("the broker is away"),
        new ProcessorStateException("the disk is full"));
  }

  @ParameterizedTest
  @MethodSource("troubleOutside")
  void troubleThatIsNotTheRecordsIsNeverADeadLetter(RuntimeException trouble) {
    assertSame(
        trouble,
        assertThrows(
            RuntimeException.class, () -> Stage.VALIDATE.attempt(SOURCE, () -> fail(trouble))));
  }

  static Stream<Throwable> passing() {
    return Stream.of(
        new StreamsException(new TimeoutException("the broker is away")),
        new StreamsException(new RetriableException("the schema registry is away")));
  }

  @ParameterizedTest
  @MethodSource("passing")
  void whatMayPassReplacesTheThread(Throwable failure) {
    List<String> fatal = new ArrayList<>();
    assertEquals(
        StreamThreadExceptionResponse.REPLACE_THREAD,
        new FailurePolicy(fatal::add).handle(failure));
    assertEquals(List.of(), fatal);
  }

  static Stream<Arguments> lasting() {
    return Stream.of(
        arguments(
            new StreamsException(new RecordTooLargeException("2 MiB")),
            "RecordTooLargeException: 2 MiB"),
        arguments(
            new StreamsException(new ConfigException("schema refused")),
            "ConfigException: schema refused"),
        arguments(new OutOfMemoryError("heap"), "OutOfMemoryError: heap"));
  }

  @ParameterizedTest
  @MethodSource("lasting")
  void whatLastsStopsTheStreamAndSaysWhy(Throwable failure, String reason) {
    List<String> fatal = new ArrayList<>();
    assertEquals(
        StreamThreadExceptionResponse.SHUTDOWN_CLIENT,
        new FailurePolicy(fatal::add).handle(failure));
    assertEquals(List.of(reason), fatal);
  }

  @Test
  void aStageNamesItselfInLowerCase() {
    assertEquals("deduplicate", Stage.DEDUPLICATE.label());
  }

  private static Object fail(RuntimeException fault) {
    throw fault;
  }
}
