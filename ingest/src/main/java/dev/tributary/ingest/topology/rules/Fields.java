package dev.tributary.ingest.topology.rules;

import dev.tributary.foundation.AdapterId;
import dev.tributary.foundation.error.BadRecordException;
import dev.tributary.foundation.error.ConfigException;
import dev.tributary.schemas.ChatMessage;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Rules that several contracts share. Each throws a {@link BadRecordException} naming the field,
 * what it holds and the fix.
 */
final class Fields {

  private static final int MAX_ID_CHARS = 256;
  private static final int MAX_METADATA = 16;
  private static final Duration CLOCK_SKEW = Duration.ofMinutes(5);
  private static final Set<String> ROLES = Set.of("system", "user", "assistant", "tool");

  private final Clock clock;

  Fields(Clock clock) {
    this.clock = clock;
  }

  /** {@code key_mismatch}. */
  void key(String key, String field, String expected) {
    if (!expected.equals(key)) {
      throw new BadRecordException(
          "key_mismatch",
          "the key is %s; use the record's %s, '%s'".formatted(quoted(key), field, expected));
    }
  }

  /** {@code invalid_adapter}. */
  void adapter(String adapter) {
    try {
      AdapterId.parse(adapter);
    } catch (ConfigException e) {
      throw new BadRecordException("invalid_adapter", e.getMessage(), e);
    }
  }

  /** {@code invalid_id}. */
  void id(String field, String id) {
    if (id.isBlank()
        || id.length() > MAX_ID_CHARS
        || id.chars().anyMatch(Character::isISOControl)) {
      throw new BadRecordException(
          "invalid_id",
          "%s is %s; use 1 to %d characters, none of them a control character"
              .formatted(field, quoted(id), MAX_ID_CHARS));
    }
  }

  /** {@code timestamp_range}: neither before 1970 nor further ahead than clocks differ. */
  void time(String field, Instant time) {
    if (time.isBefore(Instant.EPOCH) || time.isAfter(clock.instant().plus(CLOCK_SKEW))) {
      throw new BadRecordException(
          "timestamp_range",
          "%s is %s; use milliseconds since 1970, at most %d minutes ahead"
              .formatted(field, time, CLOCK_SKEW.toMinutes()));
    }
  }

  /** A text without which the record says nothing; the reason is the caller's. */
  void text(String reason, String field, String text) {
    if (text == null || text.isBlank()) {
      throw new BadRecordException(reason, "%s is empty; give the text".formatted(field));
    }
  }

  /** {@code metadata_limit}. */
  void metadata(Map<String, String> metadata) {
    if (metadata.size() > MAX_METADATA) {
      throw new BadRecordException(
          "metadata_limit",
          "metadata has %d pairs; use at most %d".formatted(metadata.size(), MAX_METADATA));
    }
  }

  /** {@code invalid_role}. */
  void roles(List<ChatMessage> messages) {
    for (ChatMessage message : messages) {
      if (!ROLES.contains(message.getRole())) {
        throw new BadRecordException(
            "invalid_role",
            "a message has the role %s; use system, user, assistant or tool"
                .formatted(quoted(message.getRole())));
      }
    }
  }

  private static String quoted(String text) {
    if (text == null) {
      return "missing";
    }
    return "'"
        + (text.length() > MAX_ID_CHARS ? text.substring(0, MAX_ID_CHARS) + "…" : text)
        + "'";
  }
}
