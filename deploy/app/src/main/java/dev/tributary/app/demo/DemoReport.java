package dev.tributary.app.demo;

import java.util.List;

/**
 * What the demo saw, for the closing table and {@code report.json}.
 *
 * @param passed whether every check holds
 * @param seconds wall-clock of the whole story, the start of the services included
 * @param machine processor and instruction sets
 */
public record DemoReport(
    boolean passed,
    double seconds,
    String machine,
    List<Check> checks,
    List<Version> versions,
    List<Answered> answers,
    List<Retention> retention,
    List<FeedbackToServed> feedbackToServed,
    List<TrainingSample> training) {

  /** A part of the story that must really have happened. */
  public record Check(String name, boolean passed, String detail) {}

  /** A version with the gate's verdict. */
  public record Version(
      String name, String verdict, String state, long newExamples, List<String> reasons) {}

  /**
   * A question and its answers along the story.
   *
   * @param expected the answer that is right at the end
   */
  public record Answered(
      String question, String expected, boolean retained, String before, String after, String end) {

    public boolean rightBefore() {
      return expected.equals(before);
    }

    public boolean rightAfter() {
      return expected.equals(after);
    }

    public boolean rightAtEnd() {
      return expected.equals(end);
    }
  }

  /**
   * One slice in one version's gate, by one kind of record; losses in nats per supervised token;
   * null where nothing was measured.
   *
   * @param role fresh or retained
   * @param evidence what was measured on: held_out, unseen, told or recall
   */
  public record Retention(
      String version,
      String slice,
      String role,
      String evidence,
      int records,
      Double lossBase,
      Double lossReference,
      Double lossCandidate,
      Double exactMatchReference,
      Double exactMatchCandidate,
      boolean passed) {}

  /** From the first correction sent to the first answer by the version that learnt it. */
  public record FeedbackToServed(String version, int corrections, double seconds) {}

  /**
   * A look at the trainer.
   *
   * @param atSeconds since the services were up
   */
  public record TrainingSample(
      double atSeconds,
      long consumed,
      long step,
      double tokensPerSecond,
      double loss,
      double replayRatio) {}
}
