/**
 * The evaluator's HTTP interface: what versions there are, and how to promote one, go back, or
 * pause training.
 */
package dev.tributary.evaluator.api;
