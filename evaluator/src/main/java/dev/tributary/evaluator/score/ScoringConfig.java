package dev.tributary.evaluator.score;

import static java.util.Objects.requireNonNullElse;

import dev.tributary.foundation.error.ConfigException;

/**
 * How records are scored: the section {@code evaluator.scoring}. Every component may be null, which
 * means its default.
 *
 * @param maxTokensPerBatch tokens scored at once; memory is planned for them; default 2,048, and
 *     never less than the model's context
 * @param scoredToldRecords told records compared at most, of fresh and of retained ones each and
 *     over all slices; default 128
 * @param generatedRecordsPerSlice held-out records of each slice that are also answered; 0 for
 *     none; default 16
 * @param generatedToldRecords of them, those that are also answered; at least 1, because what was
 *     told counts by its answers; default 64
 * @param generatedRecallRecords questions of the base model's own that are answered; 0 for none;
 *     default 64
 * @param maxGeneratedTokens longest answer generated; default 64
 * @param cachedScores scores and answers remembered, so that a record is scored once by base and
 *     release; default 200,000
 */
public record ScoringConfig(
    Integer maxTokensPerBatch,
    Integer scoredToldRecords,
    Integer generatedRecordsPerSlice,
    Integer generatedToldRecords,
    Integer generatedRecallRecords,
    Integer maxGeneratedTokens,
    Integer cachedScores) {

  public ScoringConfig {
    maxTokensPerBatch = requireNonNullElse(maxTokensPerBatch, 2_048);
    scoredToldRecords = requireNonNullElse(scoredToldRecords, 128);
    generatedRecordsPerSlice = requireNonNullElse(generatedRecordsPerSlice, 16);
    generatedToldRecords = requireNonNullElse(generatedToldRecords, 64);
    generatedRecallRecords = requireNonNullElse(generatedRecallRecords, 64);
    maxGeneratedTokens = requireNonNullElse(maxGeneratedTokens, 64);
    cachedScores = requireNonNullElse(cachedScores, 200_000);
    check("max_tokens_per_batch", maxTokensPerBatch, 1);
    check("scored_told_records", scoredToldRecords, 1);
    check("generated_records_per_slice", generatedRecordsPerSlice, 0);
    check("generated_told_records", generatedToldRecords, 1);
    check("generated_recall_records", generatedRecallRecords, 0);
    check("max_generated_tokens", maxGeneratedTokens, 1);
    check("cached_scores", cachedScores, 0);
  }

  public static ScoringConfig defaults() {
    return new ScoringConfig(null, null, null, null, null, null, null);
  }

  private static void check(String field, int value, int min) {
    if (value < min) {
      throw ConfigException.of("evaluator.scoring." + field, value, "use at least " + min);
    }
  }
}
