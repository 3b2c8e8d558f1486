package dev.tributary.trainer.loop;

import dev.tributary.foundation.AdapterId;
import dev.tributary.foundation.error.BadRecordException;
import dev.tributary.foundation.error.ConfigException;
import dev.tributary.schemas.Command;
import dev.tributary.schemas.ControlCommand;
import dev.tributary.schemas.serde.AvroDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which adapters are paused, from the commands on {@code tributary.control} in order. Pausing and
 * resuming is all a trainer obeys; everything else there is for others, and counted.
 */
final class ControlLog {

  /** What became of a command. */
  enum Outcome {
    OBEYED,
    IGNORED,
    UNREADABLE
  }

  /** Told of each command. */
  interface Counter {
    void command(String command, Outcome outcome);
  }

  private static final Logger LOG = LoggerFactory.getLogger(ControlLog.class);

  private final AvroDecoder<ControlCommand> decoder;
  private final Counter counter;
  private final Set<AdapterId> paused = new HashSet<>();

  ControlLog(AvroDecoder<ControlCommand> decoder, Counter counter) {
    this.decoder = decoder;
    this.counter = counter;
  }

  boolean isPaused(AdapterId adapter) {
    return paused.contains(adapter);
  }

  /**
   * Takes note of new commands.
   *
   * @return adapters that were told to resume, in order
   */
  List<AdapterId> apply(Iterable<ConsumerRecord<byte[], byte[]>> messages) {
    return StreamSupport.stream(messages.spliterator(), false)
        .flatMap(message -> obey(message).stream())
        .toList();
  }

  private List<AdapterId> obey(ConsumerRecord<byte[], byte[]> message) {
    try {
      ControlCommand command = decoder.decode(message.value());
      AdapterId adapter = AdapterId.parse(command.getAdapter());
      requireKey(message, command);
      boolean obeyed =
          command.getCommand() == Command.PAUSE || command.getCommand() == Command.RESUME;
      counter.command(
          command.getCommand().name().toLowerCase(Locale.ROOT),
          obeyed ? Outcome.OBEYED : Outcome.IGNORED);
      if (command.getCommand() == Command.PAUSE && paused.add(adapter)) {
        LOG.info("adapter {} paused by {}: {}", adapter, command.getActor(), command.getReason());
      }
      if (command.getCommand() == Command.RESUME) {
        paused.remove(adapter);
        LOG.info("adapter {} resumed by {}: {}", adapter, command.getActor(), command.getReason());
        return List.of(adapter);
      }
    } catch (BadRecordException | ConfigException e) {
      counter.command("unknown", Outcome.UNREADABLE);
      LOG.warn(
          "{}-{} offset {}: not a command: {}",
          message.topic(),
          message.partition(),
          message.offset(),
          e.getMessage());
    }
    return List.of();
  }

  /** What may be written under one adapter's key must not reach another. */
  private static void requireKey(ConsumerRecord<byte[], byte[]> message, ControlCommand command) {
    String key = message.key() == null ? null : new String(message.key(), StandardCharsets.UTF_8);
    if (!command.getAdapter().equals(key)) {
      throw new BadRecordException(
          "key_mismatch",
          "the key is '%s', the command's adapter '%s'; they must be equal"
              .formatted(key, command.getAdapter()));
    }
  }
}
