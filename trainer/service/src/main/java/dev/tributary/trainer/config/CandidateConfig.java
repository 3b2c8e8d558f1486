package dev.tributary.trainer.config;

import dev.tributary.foundation.error.ConfigException;
import dev.tributary.trainer.lineage.CandidatePolicy;
import java.time.Duration;

/**
 * The {@code candidate:} map. Absent keys take their defaults. Whichever comes first makes a
 * candidate.
 *
 * <p>A trusted correction makes one at once, whatever these say.
 *
 * @param everyExamples so many new examples since the last candidate, at least 1; default 2,048
 * @param quiet so long after the last of them, in log-append time, 0 to 30 days; default 2 s
 * @param after so long after the first of them, in log-append time, 0 to 30 days; default 60 s
 */
public record CandidateConfig(Integer everyExamples, Duration quiet, Duration after) {

  public static final CandidateConfig DEFAULT = new CandidateConfig(null, null, null);

  public CandidateConfig {
    everyExamples = everyExamples == null ? 2_048 : everyExamples;
    quiet = quiet == null ? Duration.ofSeconds(2) : quiet;
    after = after == null ? Duration.ofSeconds(60) : after;
    if (everyExamples < 1) {
      throw ConfigException.of(
          "trainer.candidate.every_examples", everyExamples, "use a whole number of at least 1");
    }
    check("quiet", quiet);
    check("after", after);
  }

  public CandidatePolicy policy() {
    return new CandidatePolicy(everyExamples, quiet.toMillis(), after.toMillis());
  }

  private static void check(String key, Duration value) {
    if (value.isNegative() || value.compareTo(Duration.ofDays(30)) > 0) {
      throw ConfigException.of(
          "trainer.candidate." + key, value, "use a duration from 0s to 30d, such as 60s");
    }
  }
}
