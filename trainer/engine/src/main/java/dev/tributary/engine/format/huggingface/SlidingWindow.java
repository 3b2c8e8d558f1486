package dev.tributary.engine.format.huggingface;

import dev.tributary.engine.model.ModelFamily;
import java.util.List;

/**
 * How far back Mistral and Qwen look. The engine's attention looks back all the way, which is the
 * same for sequences no longer than the window: so the window bounds the context.
 */
final class SlidingWindow {

  private static final int NONE = Integer.MAX_VALUE;
  private static final String FULL = "full_attention";
  private static final String SLIDING = "sliding_attention";

  /** What Mistral and Qwen mean if the field is missing. */
  private static final int DEFAULT_TOKENS = 4_096;

  /** From which layer on Qwen slides, if it does not say. */
  private static final int DEFAULT_MAX_WINDOW_LAYERS = 28;

  private final ModelFamily family;
  private final ConfigFields fields;

  SlidingWindow(ModelFamily family, ConfigFields fields) {
    this.family = family;
    this.fields = fields;
  }

  /** Longest sequence in which every token sees all before it. */
  int tokens(int layers) {
    return switch (family) {
      case MISTRAL -> window();
      case QWEN2, QWEN3 -> qwen(layers);
      default -> NONE;
    };
  }

  private int window() {
    return fields.names("sliding_window")
        ? fields.positive("sliding_window", NONE)
        : DEFAULT_TOKENS;
  }

  private int qwen(int layers) {
    int window = fields.flag("use_sliding_window", false) ? window() : NONE;
    if (!slides(layers, window)) {
      return NONE;
    }
    if (window == NONE) {
      throw fields.refused("layer_types", "give sliding_window and set use_sliding_window");
    }
    return window;
  }

  private boolean slides(int layers, int window) {
    List<String> types = fields.texts("layer_types");
    for (String type : types) {
      if (!type.equals(FULL) && !type.equals(SLIDING)) {
        throw fields.refused("layer_types", "only " + FULL + " and " + SLIDING + " are computed");
      }
    }
    return types.isEmpty()
        ? window != NONE && fields.number("max_window_layers", DEFAULT_MAX_WINDOW_LAYERS) < layers
        : types.contains(SLIDING);
  }
}
