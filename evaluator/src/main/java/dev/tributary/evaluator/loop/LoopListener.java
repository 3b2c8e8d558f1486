package dev.tributary.evaluator.loop;

import dev.tributary.evaluator.gate.GateDecision;
import dev.tributary.foundation.AdapterId;
import java.time.Duration;

/**
 * Is told what the loop has done, for counting. Called on the loop's thread, after what it tells of
 * was committed.
 */
public interface LoopListener {

  /** A verdict was written. */
  void judged(AdapterId adapter, GateDecision decision, Duration took);

  /** A version answers. */
  void published(String publisher, Duration took);

  /** A release was taken back. */
  void rolledBack(String reason);

  /** A command was settled: {@code applied}, {@code refused} or {@code ignored}. */
  void commanded(String command, String outcome);

  /** A record went to the dead letters. */
  void deadLetter(String stage, String reason);
}
