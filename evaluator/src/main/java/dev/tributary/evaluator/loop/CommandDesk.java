package dev.tributary.evaluator.loop;

import dev.tributary.foundation.error.RetriableException;
import dev.tributary.schemas.ControlCommand;
import dev.tributary.schemas.serde.AvroSerializer;
import dev.tributary.schemas.topics.Topics;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Where commands are handed in: they are recorded to {@code tributary.control} first, and the loop,
 * which reads them there like those of anyone else, says what became of those it carries out. Any
 * thread.
 */
public final class CommandDesk {

  private final Producer<byte[], byte[]> producer;
  private final AvroSerializer<ControlCommand> serializer;
  private final Map<String, CompletableFuture<CommandOutcome>> waiting = new ConcurrentHashMap<>();

  /**
   * @param producer idempotent and acknowledged by all replicas; not closed here
   */
  public CommandDesk(Producer<byte[], byte[]> producer, AvroSerializer<ControlCommand> serializer) {
    this.producer = producer;
    this.serializer = serializer;
  }

  /**
   * Records a command that another service carries out.
   *
   * @return completes when the broker has acknowledged it; fails when it could not be recorded
   */
  public CompletableFuture<Void> record(ControlCommand command) {
    CompletableFuture<Void> recorded = new CompletableFuture<>();
    producer.send(
        new ProducerRecord<>(
            Topics.CONTROL.name(),
            command.getAdapter().getBytes(StandardCharsets.UTF_8),
            serializer.encode(command)),
        (metadata, failure) -> {
          if (failure == null) {
            recorded.complete(null);
          } else {
            recorded.completeExceptionally(
                new RetriableException("the command could not be recorded: " + failure, failure));
          }
        });
    return recorded;
  }

  /**
   * Records a command the loop carries out.
   *
   * @return completes when the loop has settled it; fails when it could not be recorded
   */
  public CompletableFuture<CommandOutcome> submit(ControlCommand command) {
    String id = command.getCommandId();
    CompletableFuture<CommandOutcome> outcome = new CompletableFuture<>();
    waiting.put(id, outcome);
    record(command)
        .exceptionally(
            failure -> {
              outcome.completeExceptionally(failure);
              return null;
            });
    return outcome.whenComplete((result, failure) -> waiting.remove(id));
  }

  /** Tells whoever waits for it, if anyone does. */
  void settle(String commandId, CommandOutcome outcome) {
    CompletableFuture<CommandOutcome> waiter = waiting.get(commandId);
    if (waiter != null) {
      waiter.complete(outcome);
    }
  }

  /** Stops waiting for a command; it takes effect all the same. */
  public void forget(String commandId) {
    waiting.remove(commandId);
  }
}
