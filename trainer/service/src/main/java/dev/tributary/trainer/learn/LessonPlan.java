package dev.tributary.trainer.learn;

/**
 * How a micro-batch is taught.
 *
 * @param rehearsalShare rehearsed share of the sequences of each step, 0 up to 0.95
 * @param leastRehearsed sequences rehearsed in each step at least, if any are: a single correction
 *     must not be the only thing a step sees
 * @param stepTokens new tokens of one step, about: many small steps learn more than a few large
 *     ones
 * @param maxTokens tokens of one step, new and rehearsed together
 * @param maxPasses passes over what is not learnt yet, at least 1: the budget
 * @param checked remembered examples that are looked at before and after, of those that were told
 *     and of those the base knew each
 */
public record LessonPlan(
    double rehearsalShare,
    int leastRehearsed,
    int stepTokens,
    int maxTokens,
    int maxPasses,
    int checked) {

  /** How many examples are rehearsed beside so many new ones. */
  int rehearsed(int newItems) {
    return rehearsalShare == 0
        ? 0
        : Math.max(
            leastRehearsed, (int) Math.round(newItems * rehearsalShare / (1 - rehearsalShare)));
  }
}
