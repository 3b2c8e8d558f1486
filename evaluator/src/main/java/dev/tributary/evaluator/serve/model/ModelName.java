package dev.tributary.evaluator.serve.model;

import dev.tributary.foundation.AdapterId;
import dev.tributary.foundation.error.ConfigException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The two kinds of names an adapter is asked for by: {@code tenant.domain}, whatever version is
 * active, and {@code tenant.domain@v17}, always this one.
 *
 * @param version empty for the alias
 */
record ModelName(AdapterId adapter, OptionalInt version) {

  private static final Pattern NAME = Pattern.compile("([^@]+)(?:@v([1-9][0-9]{0,8}))?");

  /** Empty if the text has neither form. */
  static Optional<ModelName> parse(String text) {
    Matcher matcher = NAME.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      OptionalInt version =
          matcher.group(2) == null
              ? OptionalInt.empty()
              : OptionalInt.of(Integer.parseInt(matcher.group(2)));
      return Optional.of(new ModelName(AdapterId.parseDotted(matcher.group(1)), version));
    } catch (ConfigException notAnAdapterId) {
      return Optional.empty();
    }
  }
}
