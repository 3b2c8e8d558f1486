package dev.tributary.engine.optimizer;

import dev.tributary.foundation.error.ConfigException;
import java.util.Locale;

/** How the learning rate goes on after its warm-up; names and curves as in transformers. */
public enum Schedule {
  CONSTANT {
    @Override
    double decay(double progress) {
      return 1;
    }
  },
  LINEAR {
    @Override
    double decay(double progress) {
      return Math.max(0, 1 - progress);
    }
  },
  COSINE {
    @Override
    double decay(double progress) {
      return Math.max(0, 0.5 * (1 + Math.cos(Math.PI * progress)));
    }
  };

  /**
   * @param progress share of the steps after the warm-up that lie behind; may exceed 1
   */
  abstract double decay(double progress);

  /** The schedule a user wrote: {@code constant}, {@code linear}, {@code cosine}. */
  public static Schedule parse(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "constant", "constant_with_warmup" -> CONSTANT;
      case "linear" -> LINEAR;
      case "cosine" -> COSINE;
      default ->
          throw ConfigException.of("lr_scheduler_type", name, "use constant, linear or cosine");
    };
  }
}
