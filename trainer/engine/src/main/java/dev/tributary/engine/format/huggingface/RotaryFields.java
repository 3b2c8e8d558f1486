package dev.tributary.engine.format.huggingface;

import dev.tributary.engine.model.Rotary;
import java.util.Optional;

/**
 * How positions turn queries and keys: transformers 4 has {@code rope_theta} and {@code
 * rope_scaling}, transformers 5 has {@code rope_parameters} with both in it.
 */
final class RotaryFields {

  private static final double DEFAULT_THETA = 10_000;

  private final ConfigFields fields;

  RotaryFields(ConfigFields fields) {
    this.fields = fields;
  }

  /**
   * @param positions {@code max_position_embeddings}
   */
  Rotary read(int positions) {
    double theta = fields.number("rope_theta", DEFAULT_THETA);
    requireWhole(fields);
    return fields
        .object("rope_scaling")
        .or(() -> fields.object("rope_parameters"))
        .map(rope -> read(rope, theta, positions))
        .orElseGet(() -> Rotary.of(theta));
  }

  private Rotary read(ConfigFields rope, double outerTheta, int positions) {
    requireWhole(rope);
    double theta = rope.number("rope_theta", outerTheta);
    String field = rope.has("rope_type") ? "rope_type" : "type";
    for (String layerType : new String[] {"full_attention", "sliding_attention"}) {
      if (rope.has(layerType)) {
        throw rope.refused(layerType, "only one way to turn positions for all layers is computed");
      }
    }
    return switch (rope.text(field, "default")) {
      case "default" -> Rotary.of(theta);
      case "linear" -> new Rotary(theta, factor(rope), Optional.empty());
      case "llama3" -> new Rotary(theta, 1, Optional.of(llama3(rope, positions)));
      default -> throw rope.refused(field, "only default, linear and llama3 are computed");
    };
  }

  private Rotary.Llama3 llama3(ConfigFields rope, int positions) {
    double low = rope.number("low_freq_factor", 1);
    double high = rope.number("high_freq_factor", 4);
    if (!(low > 0 && high > low)) {
      throw rope.refused("high_freq_factor", "use a number above low_freq_factor = " + low);
    }
    ConfigFields context = fields.has("original_max_position_embeddings") ? fields : rope;
    return new Rotary.Llama3(
        factor(rope), low, high, context.positive("original_max_position_embeddings", positions));
  }

  private static double factor(ConfigFields rope) {
    double factor = rope.number("factor", 0);
    if (!(factor > 0)) {
      throw rope.refused("factor", "use a positive number");
    }
    return factor;
  }

  private static void requireWhole(ConfigFields fields) {
    if (fields.number("partial_rotary_factor", 1) != 1) {
      throw fields.refused("partial_rotary_factor", "only whole heads are turned");
    }
  }
}
