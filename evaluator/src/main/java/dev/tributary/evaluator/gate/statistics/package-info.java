/** The few statistics the gate needs: confidence intervals for the mean of paired differences. */
package dev.tributary.evaluator.gate.statistics;
