package dev.tributary.schemas.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.foundation.error.BadRecordException;
import dev.tributary.foundation.error.ConfigException;
import dev.tributary.foundation.error.RetriableException;
import dev.tributary.schemas.Feedback;
import org.apache.avro.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.ObjectMapper;

class HttpSchemaRegistryTest {

  private static final String SUBJECT = "dev.tributary.schemas.Feedback";
  private static final Schema SCHEMA = Feedback.getClassSchema();

  private final ObjectMapper json = new ObjectMapper();
  private RegistryStub server;
  private HttpSchemaRegistry registry;

  @BeforeEach
  void start() throws Exception {
    server = new RegistryStub();
    registry = new HttpSchemaRegistry(server.url());
  }

  @AfterEach
  void stop() {
    registry.close();
    server.close();
  }

  @Test
  void registersOnceAndRemembersTheId() {
    // given
    server.answer(200, "{\"id\":42}");

    // when
    int first = registry.register(SUBJECT, SCHEMA);
    int second = registry.register(SUBJECT, SCHEMA);

    // then
    assertEquals(42, first);
    assertEquals(42, second);
    assertEquals(SCHEMA, registry.schema(42));
    assertEquals(1, server.calls().size());
    RegistryStub.Call call = server.calls().getFirst();
    assertEquals("POST", call.method());
    assertEquals("/apis/ccompat/v7/subjects/dev.tributary.schemas.Feedback/versions", call.path());
    assertEquals(
        SCHEMA, new Schema.Parser().parse(json.readTree(call.body()).get("schema").asString()));
  }

  @Test
  void looksASchemaUpOnce() {
    // given
    server.answer(200, json.createObjectNode().put("schema", SCHEMA.toString()).toString());

    // when
    registry.schema(7);

    // then
    assertEquals(SCHEMA, registry.schema(7));
    assertEquals(1, server.calls().size());
    assertEquals("/apis/ccompat/v7/schemas/ids/7", server.calls().getFirst().path());
  }

  @Test
  void anIncompatibleSchemaIsTheConfigurationsFault() {
    server.answer(409, "{\"error_code\":409,\"message\":\"field id\"}");
    ConfigException refusal =
        assertThrows(ConfigException.class, () -> registry.register(SUBJECT, SCHEMA));
    assertTrue(refusal.getMessage().contains("incompatible"), refusal.getMessage());
    assertTrue(refusal.getMessage().contains("field id"), refusal.getMessage());
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 422})
  void aRefusalIsTheConfigurationsFault(int status) {
    server.answer(status, "no");
    assertThrows(ConfigException.class, () -> registry.register(SUBJECT, SCHEMA));
    assertThrows(ConfigException.class, () -> registry.schema(7));
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 408, 429, 500, 503})
  void troubleAtTheServerMayPass(int status) {
    server.answer(status, "later");
    assertThrows(RetriableException.class, () -> registry.register(SUBJECT, SCHEMA));
    assertThrows(RetriableException.class, () -> registry.schema(7));
  }

  @Test
  void troubleIsNotRemembered() {
    // given
    server.answer(503, "later");
    assertThrows(RetriableException.class, () -> registry.register(SUBJECT, SCHEMA));

    // when
    server.answer(200, "{\"id\":1}");

    // then
    assertEquals(1, registry.register(SUBJECT, SCHEMA));
  }

  @Test
  void anUnknownIdIsABadRecord() {
    server.answer(404, "{\"error_code\":40403,\"message\":\"Schema not found\"}");
    BadRecordException refusal = assertThrows(BadRecordException.class, () -> registry.schema(7));
    assertEquals("unknown_schema", refusal.reason());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"schema\":\"syntax\",\"schemaType\":\"PROTOBUF\"}",
        "{\"schema\":\"{ not avro\"}",
        "{\"nothing\":1}"
      })
  void aSchemaThatIsNotAvroIsABadRecord(String answer) {
    server.answer(200, answer);
    BadRecordException refusal = assertThrows(BadRecordException.class, () -> registry.schema(7));
    assertEquals("unknown_schema", refusal.reason());
  }

  @ParameterizedTest
  @ValueSource(strings = {"<html>", "", "{\"id\":\"x\"}", "{}"})
  void anAnswerThatMakesNoSenseMayPass(String answer) {
    server.answer(200, answer);
    assertThrows(RetriableException.class, () -> registry.register(SUBJECT, SCHEMA));
  }

  @Test
  void aServerThatIsGoneMayComeBack() {
    server.close();
    RetriableException refusal = assertThrows(RetriableException.class, () -> registry.schema(7));
    assertTrue(refusal.getMessage().contains(server.url().getAuthority()), refusal.getMessage());
  }
}
