package dev.tributary.evaluator.score;

import java.util.Collection;

/**
 * How good generated answers are, averaged over records.
 *
 * @param records answers looked at
 * @param exactMatch share that equals the wanted answer, 0 to 1; not a number when no answer was
 *     looked at
 * @param f1 mean token F1, 0 to 1; not a number when no answer was looked at
 */
public record AnswerQuality(int records, double exactMatch, double f1) {

  /** No answer was generated. */
  public static final AnswerQuality NONE = new AnswerQuality(0, Double.NaN, Double.NaN);

  /** The average over all records of several averages. */
  public static AnswerQuality average(Collection<AnswerQuality> parts) {
    int records = 0;
    double exactMatches = 0;
    double f1 = 0;
    for (AnswerQuality part : parts) {
      if (part.records > 0) {
        records += part.records;
        exactMatches += part.exactMatch * part.records;
        f1 += part.f1 * part.records;
      }
    }
    return records == 0 ? NONE : new AnswerQuality(records, exactMatches / records, f1 / records);
  }
}
