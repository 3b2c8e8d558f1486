package dev.tributary.app.cli.model;

import dev.tributary.engine.generate.GenerationOptions;
import dev.tributary.evaluator.serve.generate.StopMatcher;
import dev.tributary.foundation.error.ConfigException;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Option;

/** How to choose the tokens of a text, and where it ends. */
final class SamplingOptions {

  @Option(
      names = "--max-new-tokens",
      paramLabel = "N",
      defaultValue = "64",
      description = "Most tokens to make of each text; default ${DEFAULT-VALUE}.")
  private int maxNewTokens;

  @Option(
      names = "--temperature",
      paramLabel = "X",
      defaultValue = "0",
      description = "0 takes the likeliest token each time; default ${DEFAULT-VALUE}.")
  private double temperature;

  @Option(
      names = "--top-p",
      paramLabel = "P",
      defaultValue = "1",
      description =
          "Draw from the likeliest tokens that reach this share; default ${DEFAULT-VALUE}.")
  private double topP;

  @Option(
      names = "--stop",
      paramLabel = "TEXT",
      description = "End before this text; may be given several times.")
  private List<String> stops = List.of();

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Of the draws; default ${DEFAULT-VALUE}. Each further prompt of a file adds one to it.")
  private long seed;

  /**
   * @param text its number, from 0; each draws from a seed of its own
   */
  GenerationOptions options(Set<Integer> endTokens, int text) {
    return new GenerationOptions(maxNewTokens, temperature, topP, endTokens, seed + text);
  }

  /** Refuses what cannot be used, before a model is loaded. */
  void check() {
    if (stops.stream().anyMatch(String::isEmpty)) {
      throw ConfigException.of("--stop", "", "give a text of at least one character");
    }
  }

  StopMatcher stopMatcher() {
    return new StopMatcher(stops);
  }
}
