package dev.tributary.evaluator;

import dev.tributary.foundation.AdapterId;
import dev.tributary.schemas.Command;
import dev.tributary.schemas.ControlCommand;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/** Makes commands as another program would write them. */
final class Commanding {

  private Commanding() {}

  static ControlCommand promote(AdapterId adapter, int version, String reason) {
    return command(Command.PROMOTE, adapter, version, reason);
  }

  /**
   * @param version null for a command that is about none
   */
  static ControlCommand command(
      Command command, AdapterId adapter, Integer version, String reason) {
    return ControlCommand.newBuilder()
        .setCommandId(UUID.randomUUID().toString())
        .setAdapter(adapter.toString())
        .setCommand(command)
        .setVersion(version)
        .setActor("somebody")
        .setReason(reason)
        .setEventTime(Instant.now().truncatedTo(ChronoUnit.MILLIS))
        .build();
  }
}
