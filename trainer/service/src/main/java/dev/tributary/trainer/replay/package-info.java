/** Rehearsal: what is remembered of past examples, and what is forgotten when a fact changes. */
package dev.tributary.trainer.replay;
