package dev.tributary.evaluator.registry;

/**
 * Is told of every line of the registry's log, in order, first those already there and then new
 * ones as they are committed. Called on the log's own thread, one call at a time; the {@link
 * Registry} already holds the line. A call must return soon and must not wait for the log.
 */
@FunctionalInterface
public interface ReleaseListener {

  void onLine(Registry registry, ReleaseLine line);
}
