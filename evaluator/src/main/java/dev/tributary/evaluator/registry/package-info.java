/**
 * The registry: what every adapter version is and why, read from and written to the compacted topic
 * {@code tributary.releases}. The topic is the truth; everything here is a view of it or a line for
 * it.
 */
package dev.tributary.evaluator.registry;
