package dev.tributary.engine.data;

import dev.tributary.foundation.error.BadRecordException;
import java.util.Arrays;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * The forms a classifier's record may come in; {@code label} is the class's index or name:
 *
 * <ul>
 *   <li>{@code {"input_ids": […], "token_type_ids"?: […], "label"}}: ready tokens, the special ones
 *       included; cut at the right if too long
 *   <li>{@code {"text", "label"}}
 *   <li>{@code {"text", "text_pair", "label"}}
 * </ul>
 *
 * Other fields are not looked at. Safe for concurrent use.
 */
public final class ClassificationForms implements RecordEncoding {

  private final Optional<PairEncoder> text;
  private final ClassLabels labels;
  private final int vocabularySize;
  private final int tokenTypes;
  private final int maxLength;

  private ClassificationForms(
      Optional<PairEncoder> text,
      ClassLabels labels,
      int vocabularySize,
      int tokenTypes,
      int maxLength) {
    this.text = text;
    this.labels = labels;
    this.vocabularySize = vocabularySize;
    this.tokenTypes = tokenTypes;
    this.maxLength = maxLength;
  }

  /**
   * All forms.
   *
   * @param tokenTypes how many types of token the model knows
   */
  public static ClassificationForms all(
      PairEncoder encoder, ClassLabels labels, int vocabularySize, int tokenTypes) {
    return new ClassificationForms(
        Optional.of(encoder), labels, vocabularySize, tokenTypes, encoder.maxLength());
  }

  /** Only {@code input_ids}: for a model directory without a tokenizer. */
  public static ClassificationForms tokensOnly(
      ClassLabels labels, int vocabularySize, int tokenTypes, int maxLength) {
    return new ClassificationForms(Optional.empty(), labels, vocabularySize, tokenTypes, maxLength);
  }

  @Override
  public Encoded encode(JsonNode json) {
    if (json.has("input_ids")) {
      return tokens(json, labels.index(json));
    }
    if (json.has("text")) {
      PairEncoder encoder = text.orElseThrow(ClassificationForms::noTokenizer);
      String first = RecordFields.text(json, "text");
      return json.hasNonNull("text_pair")
          ? encoder.pair(first, RecordFields.text(json, "text_pair"), labels.index(json))
          : encoder.single(first, labels.index(json));
    }
    throw new BadRecordException(
        "record_form",
        "has none of the forms {text, label}, {text, text_pair, label}, {input_ids, label} of a"
            + " classifier");
  }

  private Encoded tokens(JsonNode json, int label) {
    int[] ids = RecordFields.integers(json, "input_ids");
    int[] types =
        json.hasNonNull("token_type_ids")
            ? RecordFields.integers(json, "token_type_ids")
            : new int[ids.length];
    TokenizedExample whole = TokenizedExample.classified(ids, types, label);
    for (int i = 0; i < ids.length; i++) {
      RecordFields.requireToken("input_ids", i, ids[i], vocabularySize);
      if (types[i] < 0 || types[i] >= tokenTypes) {
        throw new BadRecordException(
            "token_type_range",
            "token_type_ids[%d]: %d cannot be used; 0 marks the first text, 1 the second, and the model knows %d types"
                .formatted(i, types[i], tokenTypes));
      }
    }
    if (ids.length <= maxLength) {
      return new Encoded(whole, false);
    }
    return new Encoded(
        TokenizedExample.classified(
            Arrays.copyOf(ids, maxLength), Arrays.copyOf(types, maxLength), label),
        true);
  }

  private static BadRecordException noTokenizer() {
    return new BadRecordException(
        "no_tokenizer",
        "is text, but the model directory has neither tokenizer.json nor vocab.txt; give"
            + " input_ids");
  }
}
