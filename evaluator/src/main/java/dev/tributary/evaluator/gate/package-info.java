/**
 * Decides from scores whether a candidate may answer, by a declared policy. Pure: no Kafka, no
 * model, no clock.
 */
package dev.tributary.evaluator.gate;
