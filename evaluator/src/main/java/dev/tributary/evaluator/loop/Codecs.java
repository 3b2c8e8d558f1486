package dev.tributary.evaluator.loop;

import dev.tributary.schemas.AdapterCandidate;
import dev.tributary.schemas.ControlCommand;
import dev.tributary.schemas.TrainingExample;
import dev.tributary.schemas.registry.SchemaRegistry;
import dev.tributary.schemas.serde.AvroDecoder;
import dev.tributary.schemas.serde.AvroSerializer;
import dev.tributary.schemas.serde.Contracts;
import dev.tributary.schemas.topics.Topics;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Decoders of what the inbox holds, and the encoder of examples. One thread. */
final class Codecs {

  private final AvroDecoder<AdapterCandidate> candidates;
  private final AvroDecoder<ControlCommand> commands;
  private final AvroSerializer<TrainingExample> examples;

  Codecs(SchemaRegistry schemas) {
    this.candidates = Contracts.decoder(AdapterCandidate.class, schemas);
    this.commands = Contracts.decoder(ControlCommand.class, schemas);
    this.examples = Contracts.serializer(TrainingExample.class, schemas);
  }

  /**
   * @throws dev.tributary.foundation.error.BadRecordException if the bytes are no candidate
   */
  AdapterCandidate candidate(byte[] bytes) {
    return candidates.decode(bytes);
  }

  /**
   * @throws dev.tributary.foundation.error.BadRecordException if the bytes are no command
   */
  ControlCommand command(byte[] bytes) {
    return commands.decode(bytes);
  }

  /** An example for the trainer, keyed as the gateway keys them. */
  ProducerRecord<byte[], byte[]> message(TrainingExample example) {
    return new ProducerRecord<>(
        Topics.EXAMPLES.name(),
        example.getAdapter().getBytes(StandardCharsets.UTF_8),
        examples.encode(example));
  }
}
