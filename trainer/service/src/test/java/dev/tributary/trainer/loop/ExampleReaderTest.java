package dev.tributary.trainer.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.engine.data.ExampleEncoder;
import dev.tributary.engine.testing.TinyModel;
import dev.tributary.engine.tokenizer.ChatTemplate;
import dev.tributary.engine.tokenizer.Tokenizer;
import dev.tributary.foundation.AdapterId;
import dev.tributary.foundation.error.BadRecordException;
import dev.tributary.schemas.ChatMessage;
import dev.tributary.schemas.ExampleKind;
import dev.tributary.schemas.TrainingExample;
import dev.tributary.schemas.Trust;
import dev.tributary.schemas.registry.LocalSchemaRegistry;
import dev.tributary.schemas.serde.Contracts;
import dev.tributary.trainer.pack.Claim;
import dev.tributary.trainer.pack.TrainingItem;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExampleReaderTest {

  private static final AdapterId SUPPORT = AdapterId.parse("acme/support");

  private final ExampleReader reader = reader(CountingLearners::encode);
  private final SimulatedLog log = new SimulatedLog();

  @Test
  void supervisedExampleBecomesAnItem() {
    TrainingExample example =
        ExampleFeed.example(SUPPORT, "e1")
            .setPrompt("Where is it?")
            .setSlice("returns")
            .setFactKey("window")
            .setTrust(Trust.TRUSTED)
            .setRejected("Nowhere.")
            .build();
    TrainingItem item = trainable(reader.read(message(example))).item();
    assertEquals("e1", item.exampleId());
    assertEquals("returns", item.slice());
    assertEquals("e1", item.recordId());
    assertEquals(
        Claim.of("window", "where is it", "the shop of e1", "Nowhere.", true), item.claim());
    assertEquals(1_000, item.timestamp());
    assertEquals(0, item.offset());
    assertEquals(example.getEventTime().toEpochMilli(), item.eventTime());
    assertEquals(example.getIngestTime().toEpochMilli(), item.ingestTime());
  }

  @Test
  void answersAreToldApartButNotByCaseAndWhiteSpace() {
    TrainingExample.Builder example = ExampleFeed.example(SUPPORT, "e1").setCompletion("30 days");
    long answer = trainable(reader.read(message(example.build()))).item().claim().answer();
    TrainingExample padded = example.setCompletion(" 30  Days\n").build();
    assertEquals(answer, trainable(reader.read(message(padded))).item().claim().answer());
    TrainingExample other = example.setCompletion("14 days").build();
    assertNotEquals(answer, trainable(reader.read(message(other))).item().claim().answer());
  }

  @Test
  void corroboratedExampleReplacesNothing() {
    TrainingExample example =
        ExampleFeed.example(SUPPORT, "e1").setTrust(Trust.CORROBORATED).build();
    TrainingItem item = trainable(reader.read(message(example))).item();
    assertFalse(item.claim().trusted());
    assertFalse(item.claim().isCorrection());
  }

  @ParameterizedTest
  @EnumSource(value = ExampleKind.class, mode = EnumSource.Mode.EXCLUDE, names = "SUPERVISED")
  void otherKindsAreSkippedForNow(ExampleKind kind) {
    TrainingExample example = ExampleFeed.example(SUPPORT, "e1").setKind(kind).build();
    assertEquals(new Reading.Skipped("unsupported_kind"), reader.read(message(example)));
  }

  @Test
  void exampleWithoutWeightIsSkipped() {
    TrainingExample example = ExampleFeed.example(SUPPORT, "e1").setWeight(0).build();
    assertEquals(new Reading.Skipped("zero_weight"), reader.read(message(example)));
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1, Double.NaN, Double.POSITIVE_INFINITY})
  void impossibleWeightIsABadRecord(double weight) {
    bad("weight_range", message(ExampleFeed.example(SUPPORT, "e1").setWeight(weight).build()));
  }

  @Test
  void keyMustBeTheAdapter() {
    log.append(1_000, "acme/sales", encode(ExampleFeed.example(SUPPORT, "e1").build()));
    bad("key_mismatch", log.records().getLast());
    log.append(1_000, "../x", encode(ExampleFeed.example(SUPPORT, "e1").build()));
    bad("key_mismatch", log.records().getLast());
    log.append(1_000, null, encode(ExampleFeed.example(SUPPORT, "e1").build()));
    bad("key_mismatch", log.records().getLast());
  }

  @Test
  void unreadableBytesAreABadRecord() {
    log.append(1_000, SUPPORT.toString(), new byte[] {7, 7, 7, 7, 7, 7});
    bad("bad_magic", log.records().getLast());
    log.append(1_000, SUPPORT.toString(), null);
    bad("null_value", log.records().getLast());
    byte[] whole = encode(ExampleFeed.example(SUPPORT, "e1").build());
    log.append(1_000, SUPPORT.toString(), Arrays.copyOf(whole, whole.length - 3));
    bad("avro_malformed", log.records().getLast());
  }

  @Test
  void longExampleIsCutAndSaysSo() {
    TrainingExample example =
        ExampleFeed.example(SUPPORT, "e1").setCompletion("word ".repeat(100)).build();
    assertTrue(trainable(reader.read(message(example))).truncated());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  "})
  void emptyCompletionIsABadRecord(String completion, @TempDir Path directory) {
    Path model = TinyModel.write(directory, 1);
    ExampleReader engine =
        reader(
            new EngineEncoding(
                new ExampleEncoder(Tokenizer.load(model), ChatTemplate.load(model), 64)));
    TrainingExample example = ExampleFeed.example(SUPPORT, "e1").setCompletion(completion).build();
    assertEquals(
        "empty_completion",
        assertThrows(BadRecordException.class, () -> engine.read(message(example))).reason());
  }

  @Test
  void chatAndRawPromptsAreBothUnderstood(@TempDir Path directory) {
    // given
    Path model = TinyModel.write(directory, 1);
    Tokenizer tokenizer = Tokenizer.load(model);
    ExampleReader engine =
        reader(new EngineEncoding(new ExampleEncoder(tokenizer, ChatTemplate.load(model), 64)));
    TrainingExample raw = ExampleFeed.example(SUPPORT, "e1").setPrompt("Where?").build();
    TrainingExample chat =
        ExampleFeed.example(SUPPORT, "e1")
            .setPrompt(null)
            .setMessages(List.of(new ChatMessage("user", "Where?", null)))
            .build();

    // then both say the same, and the chat has the marks of the template's turns besides
    int[] rawIds = trainable(engine.read(message(raw))).item().tokens().inputIds();
    int[] chatIds = trainable(engine.read(message(chat))).item().tokens().inputIds();
    assertEquals("Where?the shop of e1", tokenizer.decode(rawIds));
    assertEquals("Where?the shop of e1", tokenizer.decode(chatIds));
    assertEquals(rawIds.length + 3, chatIds.length);
  }

  private ConsumerRecord<byte[], byte[]> message(TrainingExample example) {
    log.append(1_000, example);
    return log.records().getLast();
  }

  private void bad(String reason, ConsumerRecord<byte[], byte[]> message) {
    assertEquals(
        reason, assertThrows(BadRecordException.class, () -> reader.read(message)).reason());
  }

  private static Reading.Trainable trainable(Reading reading) {
    return assertInstanceOf(Reading.Trainable.class, reading);
  }

  private static byte[] encode(TrainingExample example) {
    return Contracts.serializer(TrainingExample.class, new LocalSchemaRegistry()).encode(example);
  }

  private static ExampleReader reader(ExampleEncoding encoding) {
    return new ExampleReader(
        Contracts.decoder(TrainingExample.class, new LocalSchemaRegistry()), encoding);
  }
}
