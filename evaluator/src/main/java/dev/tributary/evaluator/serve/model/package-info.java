/**
 * Which names can be asked for and what answers under each; versions loaded, verified and swapped
 * without a pause.
 */
package dev.tributary.evaluator.serve.model;
