package dev.tributary.ingest.trail;

import dev.tributary.ingest.trail.RecordTrail.Judged;

/**
 * What a record waits for and what to do, in sentences for people.
 *
 * @param waitsFor what is missing, or that nothing is
 * @param whatToDo what helps
 */
public record Advice(String waitsFor, String whatToDo) {

  static Advice interaction() {
    return new Advice(
        "It waits for the interaction it is about.",
        "Send the interaction with the same request_id to /v1/interactions, or check the"
            + " request_id; after topology.join_window the feedback is a dead letter.");
  }

  static Advice unmatched() {
    return new Advice(
        "It waits for nothing: its interaction did not arrive in time.",
        "Send the interaction, then the same feedback again.");
  }

  static Advice voices(int voices, int needed) {
    return new Advice(
        "It waits for the same answer by another author: %d of %d voices."
            .formatted(voices, needed),
        "Have staff send the same correction (source agent or annotator), or a second user with an"
            + " author_id of their own.");
  }

  static Advice expired(int needed) {
    return new Advice(
        "It waits for nothing: within topology.retention not %d authors gave this answer."
            .formatted(needed),
        "Send it again as staff (source agent or annotator) if it is right.");
  }

  static Advice noExample() {
    return new Advice(
        "Thumbs, ratings, labels, comments and preferences teach nothing yet: it waits for a"
            + " correction by staff, or the same correction by a second author.",
        "Send feedback of kind correction with the right answer.");
  }

  static Advice heldOut() {
    return new Advice(
        "It waits for nothing: enough other questions teach this answer, so this one is kept out to"
            + " measure with.",
        "Nothing. To have this very question trained on, correct its answer as feedback.");
  }

  static Advice joined() {
    return new Advice(
        "It waits for its example, which is written within a second.",
        "If no example appears, look for it among the dead letters.");
  }

  static Advice queued() {
    return new Advice(
        "It waits for the trainer, which reads it within a second.",
        "If it stays queued, see /health/ready of the trainer, and whether training of the adapter"
            + " is paused.");
  }

  static Advice trained(String adapter) {
    return new Advice(
        "It waits for the gate's verdict on a version that contains it.",
        "If none comes, see /health/ready of the evaluator and %s.".formatted(show(adapter)));
  }

  static Advice passed(Judged verdict) {
    return new Advice(
        "It waits for %s, which passed, to answer.".formatted(verdict.version()),
        "If it stays so, see /health/ready of the evaluator and of the server.");
  }

  static Advice undecided(Judged verdict, String adapter) {
    return new Advice(
        "It waits for the gate to decide on %s: %s.".formatted(verdict.version(), reasons(verdict)),
        "Give more wordings or more records; the version before goes on answering. See %s."
            .formatted(show(adapter)));
  }

  static Advice refused(Judged verdict, String adapter) {
    return new Advice(
        "It waits for a better version: %s was refused: %s."
            .formatted(verdict.version(), reasons(verdict)),
        "The version before goes on answering; see %s.".formatted(show(adapter)));
  }

  static Advice notServed(Judged verdict, String adapter) {
    return new Advice(
        "It waits for a version that contains it to answer: %s was taken back."
            .formatted(verdict.version()),
        "See why with %s; promote it, or send more records.".formatted(show(adapter)));
  }

  static Advice notLearnt() {
    return new Advice(
        "It could not be learnt within the budget of steps.",
        "Say it in other words or shorter, or give more wordings.");
  }

  static Advice replaced() {
    return new Advice(
        "It waits for nothing: a newer answer took its place.",
        "If the older answer is the right one, send it again.");
  }

  static Advice served() {
    return new Advice(
        "It waits for nothing: the version that answers was trained on it.",
        "Nothing. If the answer is another one, ask it again exactly as it was told, and send a"
            + " correction.");
  }

  private static String reasons(Judged verdict) {
    return String.join("; ", verdict.reasons()).replaceAll("\\.$", "");
  }

  private static String show(String adapter) {
    return "tributary adapters show " + adapter.replace('/', '.');
  }
}
