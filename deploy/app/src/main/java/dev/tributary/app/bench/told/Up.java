package dev.tributary.app.bench.told;

import dev.tributary.app.http.Endpoints;
import dev.tributary.app.runtime.AllInOne;
import dev.tributary.app.runtime.Shutdown;
import dev.tributary.app.runtime.TributaryConfig;
import dev.tributary.foundation.config.StrictYaml;
import dev.tributary.platform.store.FileTrees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/** Everything as {@code tributary up} starts it on an empty directory. */
final class Up {

  private static final Duration READY = Duration.ofSeconds(60);

  private Up() {}

  /**
   * Starts it, works with it and takes it down again.
   *
   * @return what came of the work, or empty if the process was told to stop
   */
  static <T> Optional<T> with(Path base, Function<Endpoints, T> work) {
    try {
      Path state = Files.createTempDirectory("tributary-told");
      try {
        return Shutdown.guard(
            shutdown -> {
              AllInOne up = AllInOne.start(settings(base, state), Clock.systemUTC(), shutdown);
              up.awaitReady(READY);
              return work.apply(up.endpoints());
            });
      } finally {
        FileTrees.delete(state);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The defaults, but for what must not meet another process's: ports and the directory. */
  static TributaryConfig settings(Path base, Path state) {
    String yaml =
        """
        base_model: '%s'
        state_dir: '%s'
        broker: {port: 0}
        ingest: {http: {port: 0}}
        trainer: {http: {port: 0}}
        evaluator: {http: {port: 0}}
        serve: {http: {port: 0}}
        """
            .formatted(quoted(base.toAbsolutePath()), quoted(state));
    return StrictYaml.parse(yaml, "up.yaml", TributaryConfig.class);
  }

  private static String quoted(Path path) {
    return path.toString().replace("'", "''");
  }
}
