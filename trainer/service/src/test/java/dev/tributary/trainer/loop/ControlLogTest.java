package dev.tributary.trainer.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.foundation.AdapterId;
import dev.tributary.schemas.Command;
import dev.tributary.schemas.ControlCommand;
import dev.tributary.schemas.registry.LocalSchemaRegistry;
import dev.tributary.schemas.registry.SchemaRegistry;
import dev.tributary.schemas.serde.Contracts;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class ControlLogTest {

  private static final AdapterId SUPPORT = AdapterId.parse("acme/support");

  private final SchemaRegistry registry = new LocalSchemaRegistry();
  private final List<String> counted = new ArrayList<>();
  private final ControlLog log =
      new ControlLog(
          Contracts.decoder(ControlCommand.class, registry),
          (command, outcome) -> counted.add(command + " " + outcome));

  @Test
  void pausesAndResumes() {
    assertEquals(List.of(), log.apply(List.of(command("acme/support", Command.PAUSE))));
    assertTrue(log.isPaused(SUPPORT));

    assertEquals(List.of(SUPPORT), log.apply(List.of(command("acme/support", Command.RESUME))));
    assertFalse(log.isPaused(SUPPORT));
    assertEquals(List.of("pause OBEYED", "resume OBEYED"), counted);
  }

  @Test
  void leavesToOthersWhatIsTheirs() {
    log.apply(List.of(command("acme/support", Command.PROMOTE)));

    assertEquals(List.of("promote IGNORED"), counted);
  }

  @Test
  void aCommandUnderAnotherAdaptersKeyReachesNobody() {
    log.apply(List.of(command("other/tenant", Command.PAUSE), command(null, Command.PAUSE)));

    assertFalse(log.isPaused(SUPPORT));
    assertEquals(List.of("unknown UNREADABLE", "unknown UNREADABLE"), counted);
  }

  @Test
  void bytesThatAreNoCommandAreCountedAndTheNextOneObeyed() {
    log.apply(
        List.of(
            message("acme/support", "{}".getBytes(StandardCharsets.UTF_8)),
            message("acme/support", null),
            command("acme/support", Command.PAUSE)));

    assertTrue(log.isPaused(SUPPORT));
    assertEquals(List.of("unknown UNREADABLE", "unknown UNREADABLE", "pause OBEYED"), counted);
  }

  private ConsumerRecord<byte[], byte[]> command(String key, Command command) {
    ControlCommand value =
        ControlCommand.newBuilder()
            .setCommandId(command.name())
            .setAdapter(SUPPORT.toString())
            .setCommand(command)
            .setActor("operator")
            .setReason("test")
            .setEventTime(Instant.EPOCH)
            .build();
    return message(key, Contracts.serializer(ControlCommand.class, registry).encode(value));
  }

  private static ConsumerRecord<byte[], byte[]> message(String key, byte[] value) {
    byte[] bytes = key == null ? null : key.getBytes(StandardCharsets.UTF_8);
    return new ConsumerRecord<>("tributary.control", 0, 0, bytes, value);
  }
}
