/** Every meter of the built-in server. */
package dev.tributary.evaluator.serve.metrics;
