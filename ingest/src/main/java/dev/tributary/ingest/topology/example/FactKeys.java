package dev.tributary.ingest.topology.example;

import dev.tributary.schemas.FeedbackSource;
import java.util.Set;

/**
 * Who may say that an answer replaces the older ones under a fact key. Anyone else could erase
 * knowledge by sending one record, so their key is dropped and their record stays.
 */
final class FactKeys {

  private static final Set<FeedbackSource> STAFF =
      Set.of(FeedbackSource.AGENT, FeedbackSource.ANNOTATOR);

  private FactKeys() {}

  static boolean mayCorrect(FeedbackSource source) {
    return STAFF.contains(source);
  }

  /** Direct records also come from programs: an importer, a content system. */
  static boolean mayInstruct(FeedbackSource source) {
    return STAFF.contains(source) || source == FeedbackSource.CODE;
  }
}
