package dev.tributary.evaluator.api;

import dev.tributary.foundation.AdapterId;
import dev.tributary.platform.http.JsonFields;
import dev.tributary.platform.http.Request;
import dev.tributary.schemas.Command;
import dev.tributary.schemas.ControlCommand;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * What is posted to order something, {@code reason} and optionally {@code actor}; of versions also
 * {@code version}, and to promote one {@code force}.
 */
record CommandBody(
    Command command, OptionalInt version, boolean force, String actor, String reason) {

  private static final int MAX_TEXT = 1_000;

  /**
   * @throws dev.tributary.platform.http.HttpException naming every field that is wrong, or that
   *     this command does not know
   */
  static CommandBody read(Request request, Command command) {
    JsonFields fields = request.fields();
    boolean promotes = command == Command.PROMOTE;
    OptionalInt version =
        promotes || command == Command.ROLLBACK
            ? fields.integer("version", 0, Integer.MAX_VALUE)
            : OptionalInt.empty();
    boolean force = promotes && fields.bool("force").orElse(false);
    String actor = fields.text("actor", MAX_TEXT).orElse("operator");
    String reason = fields.requiredText("reason", MAX_TEXT);
    if (promotes && version.isEmpty()) {
      fields.error("version", "is missing; give the version to promote");
    }
    fields.finish();
    return new CommandBody(command, version, force, actor, reason);
  }

  /** The command under a new id. */
  ControlCommand toRecord(AdapterId adapter, Instant now) {
    return ControlCommand.newBuilder()
        .setCommandId(UUID.randomUUID().toString())
        .setAdapter(adapter.toString())
        .setCommand(command)
        .setVersion(version.isPresent() ? version.getAsInt() : null)
        .setActor(actor)
        .setReason(reason)
        .setEventTime(now)
        .setArguments(force ? Map.of("force", "true") : Map.of())
        .build();
  }
}
