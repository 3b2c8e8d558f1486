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
 * @param maxPasses the budget: so many steps as passes over all of it take, at least 1
 * @param leastPassSteps a pass counts as at least so many steps: the first things an adapter learns
 *     take some, however few they are
 * @param maxRepairs how often, once all is learnt, what has suffered is taught again; what is lost
 *     then is for the gate to judge
 * @param checked remembered examples that are looked at before and after, of those that were told
 *     and of those the base knew each, drawn at random
 * @param near remembered examples that are looked at besides, those asked most alike to what a
 *     small micro-batch teaches; some of them are rehearsed in each step
 * @param wordingsTaught other wordings of corrected facts that are taught from the start
 * @param wordingsFirst so many wordings of each answer are taught before the others are looked at:
 *     of very many most are known then
 * @param small so few examples make a small micro-batch, such as a correction
 * @param smallStepTokens new tokens of one of its steps, about
 * @param repeated so many that are learnt already are repeated in each pass; and a pass over fewer
 *     that are not has a lower rate
 * @param blindPasses passes over more than that before the first look
 * @param fullRateSteps steps of an adapter at the full learning rate, of which {@link #rate} is a
 *     factor
 * @param leastRate its least value
 * @param repairRate the factor when what has suffered is taught again: a full step for a few would
 *     make others suffer
 */
public record LessonPlan(
    double rehearsalShare,
    int leastSequences,
    int stepTokens,
    int maxTokens,
    int maxPasses,
    int leastPassSteps,
    int maxRepairs,
    int checked,
    int near,
    int wordingsTaught,
    int wordingsFirst,
    int small,
    int smallStepTokens,
    int repeated,
    int blindPasses,
    int fullRateSteps,
    double leastRate,
    double repairRate) {

  /** How many examples are rehearsed beside so many new ones. */
  int rehearsed(int newItems) {
    return rehearsalShare == 0
        ? 0
        : Math.max(
            leastSequences - newItems,
            (int) Math.round(newItems * rehearsalShare / (1 - rehearsalShare)));
  }

  /**
   * Steps that a lesson may take.
   *
   * @param tokens of all examples
   * @param perStep new tokens of one step, about
   */
  long budget(long tokens, int perStep) {
    return maxPasses * Math.max(leastPassSteps, Math.ceilDiv(tokens, perStep));
  }

  /**
   * Factor on the learning rate. It falls as one over the steps, or the last examples would chase
   * each other; and in proportion to how few are not learnt yet: a correction is learnt in a few
   * steps, and what harms the rest is their length.
   *
   * @param steps the adapter has taken so far
   * @param open examples of this pass that are not learnt yet
   */
  double rate(long steps, int open) {
    double most = Math.min((double) fullRateSteps / Math.max(1, steps), (double) open / repeated);
    return Math.clamp(most, leastRate, 1);
  }
}
