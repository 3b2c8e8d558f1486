/**
 * The evaluation loop: takes candidates and commands one by one, has them judged, and carries
 * verdicts through to the alias.
 */
package dev.tributary.evaluator.loop;
