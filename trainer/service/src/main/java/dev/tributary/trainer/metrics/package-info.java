/** What the trainer tells the outside: meters and status. */
package dev.tributary.trainer.metrics;
