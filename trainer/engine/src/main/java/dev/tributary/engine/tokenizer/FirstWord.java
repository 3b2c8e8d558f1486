package dev.tributary.engine.tokenizer;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * SentencePiece marks the beginning of each word. Newer files ({@code Metaspace} with {@code
 * "prepend_scheme": "first"}) mark so the first word of a text too, but not one that follows a
 * special token; so a text that continues another needs a tokenizer that does not.
 */
final class FirstWord {

  private static final String SCHEME = "prepend_scheme";

  private FirstWord() {}

  /** Whether a {@code tokenizer.json} marks the first word of a text and of nothing else. */
  static boolean isMarked(ObjectNode tokenizer) {
    return !marking(tokenizer).isEmpty();
  }

  /** The same tokenizer without such marks. */
  static ObjectNode unmarked(ObjectNode tokenizer) {
    ObjectNode copy = tokenizer.deepCopy();
    marking(copy).forEach(metaspace -> metaspace.put(SCHEME, "never"));
    return copy;
  }

  private static List<ObjectNode> marking(ObjectNode tokenizer) {
    JsonNode outer = tokenizer.path("pre_tokenizer");
    List<ObjectNode> marking = new ArrayList<>();
    add(outer, marking);
    outer.path("pretokenizers").forEach(inner -> add(inner, marking));
    return marking;
  }

  private static void add(JsonNode preTokenizer, List<ObjectNode> marking) {
    if (preTokenizer instanceof ObjectNode node && node.path(SCHEME).asString("").equals("first")) {
      marking.add(node);
    }
  }
}
