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
 * @param maxRepairs how often, once all is learnt, what has suffered is taught again; what is lost
 *     then is for the gate to judge
 * @param checked remembered examples that are looked at before and after, of those that were told
 *     and of those the base knew each
 * @param wordingsTaught other wordings of corrected facts that are taught from the start
 * @param small so few examples are looked at after each pass; and so many that are learnt already
 *     are repeated in each
 * @param smallStepTokens new tokens of one step of a small micro-batch, about
 * @param smallRate factor on its learning rate: a correction is learnt in a few steps, and what
 *     harms the rest is their length
 * @param blindPasses passes over more than that before the first look
 * @param fullRatePasses passes at the full learning rate; then it falls as one over the passes
 */
public record LessonPlan(
    double rehearsalShare,
    int leastRehearsed,
    int stepTokens,
    int maxTokens,
    int maxPasses,
    int maxRepairs,
    int checked,
    int wordingsTaught,
    int small,
    int smallStepTokens,
    double smallRate,
    int blindPasses,
    int fullRatePasses) {

  /** How many examples are rehearsed beside so many new ones. */
  int rehearsed(int newItems) {
    return rehearsalShare == 0
        ? 0
        : Math.max(
            leastRehearsed, (int) Math.round(newItems * rehearsalShare / (1 - rehearsalShare)));
  }
}
