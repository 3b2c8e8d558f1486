package dev.tributary.ingest.gateway;

import dev.tributary.foundation.AdapterId;
import dev.tributary.foundation.error.ConfigException;
import dev.tributary.platform.http.JsonFields;
import dev.tributary.schemas.FeedbackSource;
import java.time.Instant;
import java.util.Map;

/** Fields several kinds of records share, with their rules. */
final class CommonFields {

  /** Characters of an id, slice, label or other name. */
  static final int NAME = 256;

  /** Characters of a text; the record's own limit is reached first. */
  static final int TEXT = 1 << 20;

  private static final int MAX_METADATA = 16;
  private static final int METADATA_VALUE = 1024;

  private CommonFields() {}

  /** The required adapter, as {@code tenant/domain}. */
  static String adapter(JsonFields fields) {
    String text = fields.requiredText("adapter", NAME);
    try {
      return text.isEmpty() ? text : AdapterId.parse(text).toString();
    } catch (ConfigException e) {
      fields.error(
          "adapter",
          "'%s' is no adapter id; write tenant/domain, each 1 to 63 lower-case letters, digits or hyphens, starting with a "
                  .formatted(text)
              + "letter or digit");
      return "";
    }
  }

  /**
   * The sender's id, or one made of the content, so that the same record sent again is the same
   * record.
   */
  static String idOrContent(JsonFields fields, String field) {
    return fields.text(field, NAME).orElseGet(() -> ContentId.of(fields.node()));
  }

  /**
   * Who wrote it.
   *
   * @param otherwise who it is where the sender does not say
   */
  static FeedbackSource source(JsonFields fields, FeedbackSource otherwise) {
    return fields.oneOf("source", FeedbackSource.class).orElse(otherwise);
  }

  static Instant time(JsonFields fields, Instant now) {
    return fields.timestamp("timestamp", now).orElse(now);
  }

  static Map<String, String> metadata(JsonFields fields) {
    return fields.stringMap("metadata", MAX_METADATA, METADATA_VALUE);
  }

  /** A name of up to 256 characters, null when absent, as the contracts want it. */
  static String name(JsonFields fields, String field) {
    return fields.text(field, NAME).orElse(null);
  }

  /** A text that is not blank, null when absent. */
  static String text(JsonFields fields, String field) {
    return fields.text(field, TEXT).orElse(null);
  }
}
