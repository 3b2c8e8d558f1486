package dev.tributary.evaluator.score;

/**
 * A generated answer.
 *
 * @param text as it was generated
 * @param right whether it is the wanted one ({@link AnswerText#exactMatch})
 * @param f1 token F1 with the wanted one, 0 to 1
 */
public record Answer(String text, boolean right, double f1) {}
