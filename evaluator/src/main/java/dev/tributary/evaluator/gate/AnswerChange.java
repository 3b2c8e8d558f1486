package dev.tributary.evaluator.gate;

import dev.tributary.evaluator.score.Answer;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * What became of the answers to the same records from one model to another.
 *
 * @param gained wrong before, right after
 * @param lost right before, wrong after
 * @param f1 differences in token F1, after minus before, record by record; not to be changed
 */
record AnswerChange(int gained, int lost, double[] f1) {

  /**
   * @param before as many as after, or none: then nothing is compared
   */
  static AnswerChange between(List<Answer> before, List<Answer> after) {
    int gained = 0;
    int lost = 0;
    double[] f1 = new double[before.size()];
    for (int i = 0; i < f1.length; i++) {
      boolean was = before.get(i).right();
      boolean is = after.get(i).right();
      gained += !was && is ? 1 : 0;
      lost += was && !is ? 1 : 0;
      f1[i] = after.get(i).f1() - before.get(i).f1();
    }
    return new AnswerChange(gained, lost, f1);
  }

  static AnswerChange pool(Collection<AnswerChange> parts) {
    return new AnswerChange(
        parts.stream().mapToInt(AnswerChange::gained).sum(),
        parts.stream().mapToInt(AnswerChange::lost).sum(),
        parts.stream().flatMapToDouble(part -> Arrays.stream(part.f1)).toArray());
  }

  int answered() {
    return f1.length;
  }
}
