package dev.tributary.app.cli.model;

import dev.tributary.engine.score.Score;
import java.util.ArrayList;
import java.util.List;

/**
 * The scores of a file.
 *
 * @param records one a record, in file order
 * @param supervisedTokens of all records
 * @param loss of all records, in nats
 * @param meanLoss loss per supervised token
 * @param perplexity its exponential
 */
record ScoreReport(
    List<ScoredRecord> records,
    int truncated,
    int unsupervised,
    long supervisedTokens,
    double loss,
    double meanLoss,
    double perplexity) {

  static ScoreReport of(List<Score> scores, int truncated, int unsupervised) {
    List<ScoredRecord> records = new ArrayList<>(scores.size());
    long tokens = 0;
    double loss = 0;
    for (Score score : scores) {
      records.add(new ScoredRecord(records.size() + 1, score.supervisedTokens(), score.lossSum()));
      tokens += score.supervisedTokens();
      loss += score.lossSum();
    }
    double mean = loss / tokens;
    return new ScoreReport(
        List.copyOf(records), truncated, unsupervised, tokens, loss, mean, Math.exp(mean));
  }

  String totals() {
    return "%d records, %d supervised tokens, loss %.4f, mean loss %.6f, perplexity %.4f"
        .formatted(records.size(), supervisedTokens, loss, meanLoss, perplexity);
  }
}
