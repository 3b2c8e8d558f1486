package dev.tributary.trainer.config;

import dev.tributary.foundation.error.ConfigException;
import dev.tributary.trainer.lineage.CandidatePolicy;
import java.time.Duration;

/**
 * The {@code candidate:} map. Absent keys take their defaults. Whichever comes first makes a
 * candidate.
 *
 * @param everyExamples so many new examples since the last candidate, at least 1; default 256
 * @param after so long after the first of them, in log-append time, 0 to 30 days; default 60 s
 */
public record CandidateConfig(Integer everyExamples, Duration after) {

  public static final CandidateConfig DEFAULT = new CandidateConfig(null, null);

  public CandidateConfig {
    everyExamples = everyExamples == null ? 256 : everyExamples;
    after = after == null ? Duration.ofSeconds(60) : after;
    if (everyExamples < 1) {
      throw ConfigException.of(
          "trainer.candidate.every_examples", everyExamples, "use a whole number of at least 1");
    }
    if (after.isNegative() || after.compareTo(Duration.ofDays(30)) > 0) {
      throw ConfigException.of(
          "trainer.candidate.after", after, "use a duration from 0s to 30d, such as 60s");
    }
  }

  public CandidatePolicy policy() {
    return new CandidatePolicy(everyExamples, after.toMillis());
  }
}
