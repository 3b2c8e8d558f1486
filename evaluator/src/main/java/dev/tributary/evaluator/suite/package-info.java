/**
 * The held-out suites: what every candidate of an adapter is measured on, rebuilt from the topics
 * at every start.
 */
package dev.tributary.evaluator.suite;
