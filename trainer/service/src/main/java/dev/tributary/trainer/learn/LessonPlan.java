package dev.tributary.trainer.learn;

/**
 * How a micro-batch is taught.
 *
 * @param rehearsalShare rehearsed share of the sequences of each step, 0 up to 0.95
 * @param leastSequences of a step, filled up with rehearsed ones if any are: a single correction
 *     must not be the only thing a step sees
 * @param stepTokens new tokens of one step, about: many small steps learn more than a few large
 *     ones
 * @param maxTokens tokens of one step, new and rehearsed together
 * @param maxPasses passes over what is not learnt yet, at least 1: the budget
 * @param maxRepairs how often, once all is learnt, what has suffered is taught again; what is lost
 *     then is for the gate to judge
 * @param checked remembered examples that are looked at before and after, of those that were told
 *     and of those the base knew each, drawn at random
 * @param near remembered examples that are looked at besides, those asked most alike to what a
 *     small micro-batch teaches; some of them are rehearsed in each step
 * @param wordingsTaught other wordings of corrected facts that are taught from the start
 * @param manyFirst so many examples of more are taught, some of each answer, before the others are
 *     looked at: most are known then
 * @param small so few examples make a small micro-batch; and so many that are learnt already are
 *     repeated in each pass
 * @param smallStepTokens new tokens of one step of a small micro-batch, about
 * @param blindPasses passes over more than that before the first look
 * @param fullRatePasses passes at the full learning rate, of which {@link #rate} is a factor
 * @param leastRate its least value
 */
public record LessonPlan(
    double rehearsalShare,
    int leastSequences,
    int stepTokens,
    int maxTokens,
    int maxPasses,
    int maxRepairs,
    int checked,
    int near,
    int wordingsTaught,
    int manyFirst,
    int small,
    int smallStepTokens,
    int blindPasses,
    int fullRatePasses,
    double leastRate) {

  /** How many examples are rehearsed beside so many new ones. */
  int rehearsed(int newItems) {
    return rehearsalShare == 0
        ? 0
        : Math.max(
            leastSequences - newItems,
            (int) Math.round(newItems * rehearsalShare / (1 - rehearsalShare)));
  }

  /**
   * Factor on the learning rate. It falls as one over the passes, or the last examples would chase
   * each other; and in proportion to how few are not learnt yet: a correction is learnt in a few
   * steps, and what harms the rest is their length.
   *
   * @param passes from 1 on
   * @param open examples of this pass that are not learnt yet
   */
  double rate(int passes, int open) {
    double most = Math.min((double) fullRatePasses / passes, (double) open / small);
    return Math.clamp(most, leastRate, 1);
  }
}
