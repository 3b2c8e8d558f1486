package dev.tributary.engine.data;

import dev.tributary.foundation.error.BadRecordException;
import java.util.Arrays;

/**
 * One sequence ready for training or scoring, in the Hugging Face convention.
 *
 * <p>For a language model, {@code labels} are not shifted: {@code labels[i]} is the token wanted at
 * place {@code i} (normally {@code inputIds[i]}) or {@value #IGNORED}. The model predicts token
 * {@code i} from the tokens before it; the label of the first token is therefore never used. For a
 * classifier, no token has a label, and {@code classLabel} is the class of the whole sequence.
 *
 * @param inputIds token ids, at least one
 * @param labels as long as {@code inputIds}; {@value #IGNORED} where the token is not supervised
 * @param tokenTypes as long as {@code inputIds}; BERT's kind of each token: 0 in the first text, 1
 *     in the second
 * @param classLabel index of the sequence's class, or {@value #IGNORED}
 */
public record TokenizedExample(int[] inputIds, int[] labels, int[] tokenTypes, int classLabel) {

  /** Marks an unsupervised position, or a sequence without a class. */
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
    if (inputIds.length != tokenTypes.length) {
      throw new BadRecordException(
          "token_type_length",
          "token_type_ids: %d values beside %d input_ids; give one for each token"
              .formatted(tokenTypes.length, inputIds.length));
    }
  }

  /** A language model's example: all tokens of type 0, and no class. */
  public TokenizedExample(int[] inputIds, int[] labels) {
    this(inputIds, labels, new int[inputIds.length], IGNORED);
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

  /** A whole sequence and its class. */
  public static TokenizedExample classified(int[] inputIds, int[] tokenTypes, int classLabel) {
    int[] labels = new int[inputIds.length];
    Arrays.fill(labels, IGNORED);
    return new TokenizedExample(inputIds, labels, tokenTypes, classLabel);
  }

  /**
   * This one's prompt with another's target: what comes before the first label here, then what
   * comes from the first label on there.
   *
   * @param maxTokens a longer prompt is cut at its left
   */
  public TokenizedExample withTargetOf(TokenizedExample other, int maxTokens) {
    int[] target = other.target();
    int[] prompt = prompt();
    int room = Math.max(1, maxTokens - target.length);
    int from = Math.max(0, prompt.length - room);
    return completion(Arrays.copyOfRange(prompt, from, prompt.length), target);
  }

  /** What comes before the first label: what the model is given. */
  public int[] prompt() {
    return Arrays.copyOf(inputIds, firstLabel());
  }

  /** What comes from the first label on: what it has to say. */
  public int[] target() {
    return Arrays.copyOfRange(inputIds, firstLabel(), inputIds.length);
  }

  private int firstLabel() {
    int first = 0;
    while (first < labels.length && labels[first] == IGNORED) {
      first++;
    }
    return first;
  }

  public int length() {
    return inputIds.length;
  }

  /** Whether the sequence as a whole has a class. */
  public boolean hasClass() {
    return classLabel != IGNORED;
  }

  /**
   * How many predictions the loss is taken over: labelled tokens after the first position, and the
   * class if there is one.
   */
  public int supervisedCount() {
    int count = hasClass() ? 1 : 0;
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
        && Arrays.equals(labels, that.labels)
        && Arrays.equals(tokenTypes, that.tokenTypes)
        && classLabel == that.classLabel;
  }

  @Override
  public int hashCode() {
    int hash = 31 * Arrays.hashCode(inputIds) + Arrays.hashCode(labels);
    return 31 * (31 * hash + Arrays.hashCode(tokenTypes)) + classLabel;
  }

  @Override
  public String toString() {
    return "TokenizedExample[inputIds=%s, labels=%s, tokenTypes=%s, classLabel=%d]"
        .formatted(
            Arrays.toString(inputIds),
            Arrays.toString(labels),
            Arrays.toString(tokenTypes),
            classLabel);
  }
}
