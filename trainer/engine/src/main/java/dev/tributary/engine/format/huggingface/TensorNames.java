package dev.tributary.engine.format.huggingface;

import dev.tributary.engine.model.ModelFamily;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The names one weight has in files of different ages and origins. */
final class TensorNames {

  private static final List<String> BODY_PREFIXES =
      Arrays.stream(ModelFamily.values()).map(ModelFamily::bodyPrefix).distinct().toList();

  private TensorNames() {}

  /** The name as today's models with a head have it, and the others. */
  static Stream<String> of(String name) {
    return Stream.of(name, bare(name)).distinct().flatMap(n -> Stream.of(n, old(n))).distinct();
  }

  /** As in a file saved from the body alone. */
  private static String bare(String name) {
    return BODY_PREFIXES.stream()
        .filter(name::startsWith)
        .findFirst()
        .map(prefix -> name.substring(prefix.length()))
        .orElse(name);
  }

  /** As TensorFlow's BERT called its normalisations. */
  private static String old(String name) {
    return name.replace("LayerNorm.weight", "LayerNorm.gamma")
        .replace("LayerNorm.bias", "LayerNorm.beta");
  }
}
