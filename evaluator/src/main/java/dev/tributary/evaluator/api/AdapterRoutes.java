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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * {@code GET /v1/adapters}, {@code /v1/adapters/{tenant.domain}}, {@code …/history}, and {@code
 * POST …/promote}, {@code …/rollback}, {@code …/pause}, {@code …/resume}.
 *
 * <p>A command is recorded first. To promote and to roll back is for the evaluator: the answer is
 * 200 once it was carried out, 409 when it was refused, and 202 when the evaluator is busy and will
 * come to it. To pause and to resume training is for the trainer, of an adapter without a version
 * too: the answer is 202 once the broker has acknowledged the record.
 */
public final class AdapterRoutes {

  private final Registry registry;
  private final CommandDesk desk;
  private final Duration patience;
  private final Clock clock;

  /**
   * @param patience how long to wait for a command to be carried out, or acknowledged
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
        Route.post("/v1/adapters/{id}/rollback", request -> command(request, Command.ROLLBACK)),
        Route.post("/v1/adapters/{id}/pause", request -> record(request, Command.PAUSE)),
        Route.post("/v1/adapters/{id}/resume", request -> record(request, Command.RESUME)));
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
    AdapterId adapter = adapter(request).adapter();
    ControlCommand recorded = CommandBody.read(request, command).toRecord(adapter, clock.instant());
    try {
      return switch (await(desk.submit(recorded))) {
        case CommandOutcome.Applied applied -> done(recorded, applied, registry.of(adapter));
        case CommandOutcome.Refused refused -> throw refusal(refused);
      };
    } catch (TimeoutException e) {
      desk.forget(recorded.getCommandId());
      return accepted(
          recorded, "the evaluator is busy and will come to it; see the adapter's history");
    }
  }

  private Response record(Request request, Command command) {
    ControlCommand recorded =
        CommandBody.read(request, command).toRecord(adapterId(request), clock.instant());
    try {
      await(desk.record(recorded));
    } catch (TimeoutException e) {
      throw new RetriableException(
          "the broker has not acknowledged the command within %d s; send it again, which does no harm if both arrive"
              .formatted(patience.toSeconds()),
          e);
    }
    return accepted(recorded, "recorded; the trainer obeys it, if it trains this adapter");
  }

  private <T> T await(CompletableFuture<T> outcome) throws TimeoutException {
    try {
      return outcome.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new RetriableException("the command failed: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RetriableException("interrupted while waiting for the command", e);
    }
  }

  private static Response accepted(ControlCommand command, String message) {
    return Response.json(
        202,
        Map.of("command_id", command.getCommandId(), "status", "recorded", "message", message));
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
    AdapterId adapter = adapterId(request);
    return registry
        .find(adapter)
        .orElseThrow(
            () ->
                HttpException.notFound(
                    "there is no version of adapter '%s'; GET /v1/adapters lists all"
                        .formatted(adapter.dotted())));
  }

  private static AdapterId adapterId(Request request) {
    try {
      return AdapterId.parseDotted(request.pathParameter("id"));
    } catch (ConfigException e) {
      throw HttpException.unprocessable("", e.getMessage());
    }
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
