/** The evaluator's HTTP interface: what versions there are, and how to promote one or go back. */
package dev.tributary.evaluator.api;
