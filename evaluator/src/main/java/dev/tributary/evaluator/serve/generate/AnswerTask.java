package dev.tributary.evaluator.serve.generate;

import dev.tributary.engine.peft.lora.LoraAdapter;
import java.util.List;
import java.util.Optional;

/**
 * One answer to make. It keeps the adapter it began with: a version released meanwhile does not
 * touch it.
 *
 * @param line whose turn it uses up while waiting, such as an adapter's name
 * @param adapter weights over the base model; empty for the base model itself
 * @param prompts token ids, one choice of each for each of {@code choicesPerPrompt}; none empty
 * @param choicesPerPrompt at least 1
 * @param maxTokens most tokens of one choice; the end of the context may come first
 * @param stops strings that end a choice
 * @param seed of the first choice; the others draw from seeds derived from it
 */
public record AnswerTask(
    String line,
    Optional<LoraAdapter> adapter,
    List<int[]> prompts,
    int choicesPerPrompt,
    int maxTokens,
    double temperature,
    double topP,
    List<String> stops,
    long seed) {

  public AnswerTask {
    prompts = List.copyOf(prompts);
    stops = List.copyOf(stops);
  }

  int choices() {
    return prompts.size() * choicesPerPrompt;
  }

  /** Prompts' choices are numbered through: all of the first prompt, then all of the second. */
  int[] promptOf(int choice) {
    return prompts.get(choice / choicesPerPrompt);
  }

  long seedOf(int choice) {
    return seed + choice;
  }
}
