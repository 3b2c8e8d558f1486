package dev.tributary.evaluator.api;

import dev.tributary.evaluator.loop.CommandDesk;
import dev.tributary.evaluator.loop.CommandOutcome;
import dev.tributary.evaluator.registry.AdapterVersions;
import dev.tributary.evaluator.registry.Registry;
import dev.tributary.evaluator.registry.ReleaseLine;
import dev.tributary.foundation.AdapterId;
import dev.tributary.foundation.error.ConfigException;
import dev.tributary.foundation.error.RetriableException;
import dev.tributary.platform.http.HttpException;
import dev.tributary.platform.http.JsonFields;
import dev.tributary.platform.http.Request;
import dev.tributary.platform.http.Response;
import dev.tributary.platform.http.Route;
import dev.tributary.schemas.Command;
import dev.tributary.schemas.ControlCommand;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * {@code GET /v1/adapters}, {@code /v1/adapters/{tenant.domain}}, {@code …/history}, and {@code
 * POST …/promote}, {@code …/rollback}. A command is recorded first; the answer is 200 once it was
 * carried out, 409 when it was refused, and 202 when the evaluator is busy and will come to it.
 */
public final class AdapterRoutes {

  private static final int MAX_TEXT = 1_000;

  private final Registry registry;
  private final CommandDesk desk;
  private final Duration patience;
  private final Clock clock;

  /**
   * @param patience how long to wait for a command to be carried out
   */
  public AdapterRoutes(Registry registry, CommandDesk desk, Duration patience, Clock clock) {
    this.registry = registry;
    this.desk = desk;
    this.patience = patience;
    this.clock = clock;
  }

  public List<Route> routes() {
    return List.of(
        Route.get("/v1/adapters", this::list),
        Route.get("/v1/adapters/{id}", this::show),
        Route.get("/v1/adapters/{id}/history", this::history),
        Route.post("/v1/adapters/{id}/promote", request -> command(request, Command.PROMOTE)),
        Route.post("/v1/adapters/{id}/rollback", request -> command(request, Command.ROLLBACK)));
  }

  private Response list(Request request) {
    return Page.of(
        request, registry.adapters(), adapter -> adapter.adapter().dotted(), AdapterJson::summary);
  }

  private Response show(Request request) {
    return Response.json(200, AdapterJson.full(adapter(request)));
  }

  private Response history(Request request) {
    List<Event> newestFirst = new ArrayList<>();
    int number = 0;
    for (ReleaseLine line : adapter(request).history()) {
      newestFirst.add(new Event(String.valueOf(++number), line));
    }
    return Page.of(request, newestFirst.reversed(), Event::id, Event::json);
  }

  private Response command(Request request, Command command) {
    AdapterVersions adapter = adapter(request);
    JsonFields fields = request.fields();
    OptionalInt version = fields.integer("version", 0, Integer.MAX_VALUE);
    String reason = fields.requiredText("reason", MAX_TEXT);
    String actor = fields.text("actor", MAX_TEXT).orElse("operator");
    boolean force = command == Command.PROMOTE && fields.bool("force").orElse(false);
    if (command == Command.PROMOTE && version.isEmpty()) {
      fields.error("version", "is missing; give the version to promote");
    }
    fields.finish();
    ControlCommand recorded =
        ControlCommand.newBuilder()
            .setCommandId(UUID.randomUUID().toString())
            .setAdapter(adapter.adapter().toString())
            .setCommand(command)
            .setVersion(version.isPresent() ? version.getAsInt() : null)
            .setActor(actor)
            .setReason(reason)
            .setEventTime(clock.instant())
            .setArguments(force ? Map.of("force", "true") : Map.of())
            .build();
    return await(recorded, desk.submit(recorded), adapter.adapter());
  }

  private Response await(
      ControlCommand command, CompletableFuture<CommandOutcome> outcome, AdapterId adapter) {
    try {
      return switch (outcome.get(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        case CommandOutcome.Applied applied -> done(command, applied, registry.of(adapter));
        case CommandOutcome.Refused refused -> throw refusal(refused);
      };
    } catch (TimeoutException e) {
      desk.forget(command.getCommandId());
      return Response.json(
          202,
          Map.of(
              "command_id",
              command.getCommandId(),
              "status",
              "recorded",
              "message",
              "the evaluator is busy and will come to it; see the adapter's history"));
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new RetriableException("the command failed: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RetriableException("interrupted while waiting for the command", e);
    }
  }

  private static Response done(
      ControlCommand command, CommandOutcome.Applied applied, AdapterVersions adapter) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("command_id", command.getCommandId());
    body.put("status", "applied");
    body.put("message", applied.message());
    body.put("adapter", AdapterJson.summary(adapter));
    return Response.json(200, body);
  }

  private static HttpException refusal(CommandOutcome.Refused refused) {
    return switch (refused.cause()) {
      case UNKNOWN -> HttpException.notFound(refused.message());
      case GATE ->
          HttpException.conflict(
              "refused_by_gate",
              refused.message() + "; to promote it all the same, add \"force\": true");
      case UNUSABLE -> HttpException.conflict("unusable_version", refused.message());
    };
  }

  private AdapterVersions adapter(Request request) {
    String id = request.pathParameter("id");
    AdapterId adapter;
    try {
      adapter = AdapterId.parseDotted(id);
    } catch (ConfigException e) {
      throw HttpException.unprocessable("", e.getMessage());
    }
    return registry
        .find(adapter)
        .orElseThrow(
            () ->
                HttpException.notFound(
                    "there is no version of adapter '" + id + "'; GET /v1/adapters lists all"));
  }

  /** A line of the history and its number, counted from the oldest one the registry still holds. */
  private record Event(String id, ReleaseLine line) {
    Object json() {
      Map<String, Object> json = AdapterJson.event(line);
      json.put("id", id);
      return json;
    }
  }
}
