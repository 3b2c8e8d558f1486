package dev.tributary.evaluator.loop;

import dev.tributary.schemas.AdapterCandidate;
import dev.tributary.schemas.ControlCommand;
import dev.tributary.schemas.registry.SchemaRegistry;
import dev.tributary.schemas.serde.AvroDecoder;
import dev.tributary.schemas.serde.Contracts;

/** Decoders of what the inbox holds. One thread. */
final class Codecs {

  private final AvroDecoder<AdapterCandidate> candidates;
  private final AvroDecoder<ControlCommand> commands;

  Codecs(SchemaRegistry schemas) {
    this.candidates = Contracts.decoder(AdapterCandidate.class, schemas);
    this.commands = Contracts.decoder(ControlCommand.class, schemas);
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
}
