/** Answers on their way to {@code tributary.interactions}. */
package dev.tributary.evaluator.serve.record;
