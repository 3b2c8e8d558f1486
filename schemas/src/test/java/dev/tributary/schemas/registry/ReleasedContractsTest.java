package dev.tributary.schemas.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.fail;

import dev.tributary.schemas.topics.Topics;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The contracts compiled in against the history released: what changes incompatibly does not build.
 */
class ReleasedContractsTest {

  static Stream<Class<? extends SpecificRecord>> contracts() {
    return Topics.all().stream().flatMap(topic -> topic.contract().stream()).distinct();
  }

  @Test
  void everyTopicButTheDeadLettersHasAContract() {
    assertEquals(8, contracts().count());
    assertEquals(10, Topics.all().size());
  }

  @ParameterizedTest
  @MethodSource("contracts")
  void readsAndIsReadByEveryReleasedVersion(Class<? extends SpecificRecord> contract) {
    // given
    Schema current = SpecificData.get().getSchema(contract);
    List<Schema> released = ReleasedSchemas.of(Subjects.of(current));

    // then
    assertFalse(released.isEmpty(), "no released version of " + current.getFullName());
    assertEquals(List.of(), Compatibility.breaks(current, released), current.getFullName());
  }

  @ParameterizedTest
  @MethodSource("contracts")
  void isTheNewestReleasedVersion(Class<? extends SpecificRecord> contract) {
    // given
    Schema current = plain(SpecificData.get().getSchema(contract));
    List<Schema> released = ReleasedSchemas.of(Subjects.of(current));

    // then
    if (!current.equals(released.getLast())) {
      fail(
          ("%s has changed since version %d; released versions never change,"
                  + " so add released/%s/v%d.avsc:%n%s")
              .formatted(
                  current.getFullName(),
                  released.size(),
                  Subjects.of(current),
                  released.size() + 1,
                  current));
    }
  }

  @ParameterizedTest
  @MethodSource("contracts")
  void aPlantedBreakInTheHistoryIsFound(Class<? extends SpecificRecord> contract) {
    // given a release in which the first field had another type
    Schema current = SpecificData.get().getSchema(contract);
    String first = current.getFields().getFirst().name();
    Schema planted =
        new Schema.Parser()
            .parse(
                plain(current)
                    .toString()
                    .replace(
                        "\"name\":\"%s\",\"type\":\"string\"".formatted(first),
                        "\"name\":\"%s\",\"type\":\"int\"".formatted(first)));

    // then
    assertFalse(Compatibility.breaks(current, List.of(planted)).isEmpty());
  }

  /**
   * Without the hint to Java's compiler that strings are {@code java.lang.String}, which is no part
   * of the contract.
   */
  private static Schema plain(Schema schema) {
    return new Schema.Parser()
        .parse(
            schema
                .toString()
                .replace("{\"type\":\"string\",\"avro.java.string\":\"String\"}", "\"string\"")
                .replace(",\"avro.java.string\":\"String\"", ""));
  }
}
