/** From a request to text: a fair waiting line, workers that run the engine, stop strings. */
package dev.tributary.evaluator.serve.generate;
