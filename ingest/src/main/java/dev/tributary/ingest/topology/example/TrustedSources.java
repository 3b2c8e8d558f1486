package dev.tributary.ingest.topology.example;

import dev.tributary.schemas.FeedbackSource;
import dev.tributary.schemas.Trust;
import java.util.Set;

/**
 * Whose word is taken alone. Only they may also set a fact key: anyone else could erase knowledge
 * by sending one record, so their key is dropped and their record stays.
 */
final class TrustedSources {

  private static final Set<FeedbackSource> STAFF =
      Set.of(FeedbackSource.AGENT, FeedbackSource.ANNOTATOR);

  private TrustedSources() {}

  static boolean mayCorrect(FeedbackSource source) {
    return STAFF.contains(source);
  }

  /** Direct records also come from programs: an importer, a content system. */
  static boolean mayInstruct(FeedbackSource source) {
    return STAFF.contains(source) || source == FeedbackSource.CODE;
  }

  /** What an example is once it may teach: the others wait for voices first. */
  static Trust trust(boolean trusted) {
    return trusted ? Trust.TRUSTED : Trust.CORROBORATED;
  }
}
