package dev.tributary.engine.format.huggingface;

import dev.tributary.engine.format.JsonFile;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * How a model wants its answers drawn where nobody says otherwise, by its {@code
 * generation_config.json}: greedily unless {@code do_sample} is true, as transformers does.
 *
 * @param temperature 0 for the likeliest token
 * @param topP above 0, to 1
 */
public record GenerationDefaults(double temperature, double topP) {

  public static final GenerationDefaults GREEDY = new GenerationDefaults(0, 1);

  private static final double MOST_TEMPERATURE = 2;

  /** Greedy where there is no such file; a value out of range counts as 1. */
  public static GenerationDefaults read(Path modelDirectory) {
    Optional<JsonNode> config =
        JsonFile.read(modelDirectory.resolve("generation_config.json")).map(object -> object);
    return config
        .filter(json -> json.path("do_sample").asBoolean(false))
        .map(
            json ->
                new GenerationDefaults(
                    within(json.path("temperature"), MOST_TEMPERATURE),
                    within(json.path("top_p"), 1)))
        .orElse(GREEDY);
  }

  private static double within(JsonNode node, double most) {
    double value = node.asDouble(1);
    return value > 0 && value <= most ? value : 1;
  }
}
