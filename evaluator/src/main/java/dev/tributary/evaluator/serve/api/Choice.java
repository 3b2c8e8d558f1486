package dev.tributary.evaluator.serve.api;

import dev.tributary.evaluator.serve.generate.FinishReason;

/**
 * One complete continuation.
 *
 * @param index from 0
 * @param tokens generated
 */
record Choice(int index, String text, FinishReason reason, int tokens) {}
