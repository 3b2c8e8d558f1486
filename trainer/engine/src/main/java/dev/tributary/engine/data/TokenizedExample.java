package dev.tributary.engine.data;

import dev.tributary.foundation.error.BadRecordException;
import java.util.Arrays;

/**
 * One sequence ready for training or scoring, in the Hugging Face convention: {@code labels} are
 * not shifted, so {@code labels[i]} is the token wanted at place {@code i} (normally {@code
 * inputIds[i]}) or {@value #IGNORED}. The model predicts token {@code i} from the tokens before it;
 * the label of the first token is therefore never used.
 *
 * @param inputIds token ids, at least one
 * @param labels as long as {@code inputIds}; {@value #IGNORED} where the token is not supervised
 */
public record TokenizedExample(int[] inputIds, int[] labels) {

  /** Marks an unsupervised position. */
  public static final int IGNORED = -100;

  public TokenizedExample {
    if (inputIds.length == 0) {
      throw new BadRecordException(
          "empty_example", "input_ids: an example needs at least one token");
    }
    if (inputIds.length != labels.length) {
      throw new BadRecordException(
          "label_length",
          "labels: %d values beside %d input_ids; give one label for each token, -100 where unsupervised"
              .formatted(labels.length, inputIds.length));
    }
  }

  /** Every token is supervised: plain language modelling. */
  public static TokenizedExample text(int[] inputIds) {
    return new TokenizedExample(inputIds, inputIds.clone());
  }

  /** The prompt is given, only the target is learnt. */
  public static TokenizedExample completion(int[] prompt, int[] target) {
    int[] inputIds = Arrays.copyOf(prompt, prompt.length + target.length);
    System.arraycopy(target, 0, inputIds, prompt.length, target.length);
    int[] labels = inputIds.clone();
    Arrays.fill(labels, 0, prompt.length, IGNORED);
    return new TokenizedExample(inputIds, labels);
  }

  public int length() {
    return inputIds.length;
  }

  /** How many tokens the loss is taken over: labelled ones after the first position. */
  public int supervisedCount() {
    int count = 0;
    for (int i = 1; i < labels.length; i++) {
      if (labels[i] != IGNORED) {
        count++;
      }
    }
    return count;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TokenizedExample that
        && Arrays.equals(inputIds, that.inputIds)
        && Arrays.equals(labels, that.labels);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(inputIds) + Arrays.hashCode(labels);
  }

  @Override
  public String toString() {
    return "TokenizedExample[inputIds=%s, labels=%s]"
        .formatted(Arrays.toString(inputIds), Arrays.toString(labels));
  }
}
