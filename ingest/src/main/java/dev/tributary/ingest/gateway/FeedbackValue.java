package dev.tributary.ingest.gateway;

import dev.tributary.platform.http.JsonFields;
import dev.tributary.schemas.FeedbackKind;
import java.util.OptionalDouble;
import tools.jackson.databind.JsonNode;

/**
 * The number of a feedback record and the scale it is on. A thumb is {@code true} or {@code false},
 * 1 or 0, or 1 or -1; a rating without a scale is on 1 to 5.
 *
 * @param value null when there is none
 * @param min null when no scale applies
 * @param max null when no scale applies
 */
record FeedbackValue(Double value, Double min, Double max) {

  private static final double LIMIT = 1e9;
  private static final FeedbackValue NONE = new FeedbackValue(null, null, null);

  static FeedbackValue read(JsonFields fields, FeedbackKind kind) {
    Scale scale = scale(fields, kind);
    if (kind == FeedbackKind.THUMB && fields.any("value").filter(JsonNode::isBoolean).isPresent()) {
      return new FeedbackValue(fields.bool("value").orElse(false) ? 1.0 : 0.0, 0.0, 1.0);
    }
    OptionalDouble value = fields.number("value", scale.min, scale.max);
    if (value.isEmpty()) {
      return NONE;
    }
    return scale.known
        ? new FeedbackValue(value.getAsDouble(), scale.min, scale.max)
        : new FeedbackValue(value.getAsDouble(), null, null);
  }

  private static Scale scale(JsonFields fields, FeedbackKind kind) {
    if (fields.has("scale")) {
      return given(fields);
    }
    return switch (kind) {
      case RATING -> new Scale(1, 5, true);
      case THUMB -> new Scale(-1, 1, false);
      case null, default -> new Scale(-LIMIT, LIMIT, false);
    };
  }

  private static Scale given(JsonFields fields) {
    JsonNode scale = fields.any("scale").orElseThrow();
    if (scale.size() == 2
        && scale.get(0) != null
        && scale.get(0).isNumber()
        && scale.get(1).isNumber()) {
      double min = scale.get(0).doubleValue();
      double max = scale.get(1).doubleValue();
      if (min < max && min >= -LIMIT && max <= LIMIT) {
        return new Scale(min, max, true);
      }
    }
    fields.error(
        "scale", "expected [lowest, highest], two numbers within a billion of 0, such as [1, 5]");
    return new Scale(-LIMIT, LIMIT, false);
  }

  private record Scale(double min, double max, boolean known) {}
}
