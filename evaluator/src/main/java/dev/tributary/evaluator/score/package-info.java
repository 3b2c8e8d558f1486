/**
 * Scores models on records of a suite: loss per supervised token, exact match and token F1 of
 * generated answers.
 */
package dev.tributary.evaluator.score;
