package dev.tributary.evaluator.serve.api;

import java.time.Clock;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/**
 * Names new answers, and draws what is random about them. Safe for any thread if its generator is.
 */
public final class AnswerHeads {

  private static final int ID_BYTES = 16;

  private final Clock clock;
  private final RandomGenerator random;

  /**
   * @param random unpredictable and never repeating across restarts, such as a {@code
   *     SecureRandom}: feedback finds its answer by the id
   */
  public AnswerHeads(Clock clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
  }

  AnswerHead next(String idPrefix, String model) {
    byte[] id = new byte[ID_BYTES];
    random.nextBytes(id);
    return new AnswerHead(
        idPrefix + HexFormat.of().formatHex(id), clock.instant().getEpochSecond(), model);
  }

  /** A seed for a request that brings none. */
  long seed() {
    return random.nextLong();
  }
}
