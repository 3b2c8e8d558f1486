package dev.tributary.evaluator.gate;

import dev.tributary.evaluator.score.ModelScores;
import dev.tributary.evaluator.score.SliceScores;
import dev.tributary.schemas.SliceRole;

/**
 * What a requirement is asked about.
 *
 * @param differences paired losses, candidate minus other
 * @param kind of records, such as {@code new held-out record}
 * @param other what the candidate is compared with, as explanations call it
 */
record Question(double[] differences, String kind, String other) {

  static Question of(SliceScores slice, ModelScores against, String other) {
    return new Question(slice.candidate().minus(against), kind(slice), other);
  }

  private static String kind(SliceScores slice) {
    return switch (slice.evidence()) {
      case HELD_OUT -> slice.role() == SliceRole.FRESH ? "new held-out record" : "held-out record";
      case UNSEEN -> "record that came after it";
      case TOLD -> "told record";
      case RECALL -> "question of the base's own";
    };
  }

  /** "3 told records", "1 told record". */
  static String count(int records, String kind) {
    if (records == 1) {
      return "1 " + kind;
    }
    // The noun is the first word that is counted, not the last one of the phrase.
    return records + " " + kind.replaceFirst("\\b(record|question)\\b", "$1s");
  }
}
