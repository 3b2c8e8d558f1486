package dev.tributary.evaluator.score;

import dev.tributary.engine.data.TokenizedExample;
import dev.tributary.engine.score.Score;
import dev.tributary.engine.score.Scorer;
import java.util.ArrayList;
import java.util.List;

/**
 * Mean loss per supervised token, record by record, in batches of bounded size, remembered. One
 * thread.
 */
final class LossScorer {

  private final Scorer scorer;
  private final int maxTokensPerBatch;
  private final ScoreCache<Double> cache;

  LossScorer(Scorer scorer, int maxTokensPerBatch, ScoreCache<Double> cache) {
    this.scorer = scorer;
    this.maxTokensPerBatch = maxTokensPerBatch;
    this.cache = cache;
  }

  /** Losses in nats, in the order of the records. */
  double[] losses(ScoredModel model, List<EncodedRecord> records) {
    double[] losses = new double[records.size()];
    Batch batch = new Batch();
    for (int i = 0; i < losses.length; i++) {
      EncodedRecord record = records.get(i);
      Double known = cache.find(model.id(), record.id()).orElse(null);
      if (known != null) {
        losses[i] = known;
        continue;
      }
      if (batch.tokens + record.tokens().length() > maxTokensPerBatch) {
        score(model, batch, records, losses);
        batch = new Batch();
      }
      batch.add(i, record.tokens());
    }
    score(model, batch, records, losses);
    return losses;
  }

  private void score(ScoredModel model, Batch batch, List<EncodedRecord> records, double[] losses) {
    if (batch.examples.isEmpty()) {
      return;
    }
    Interruption.check();
    List<Score> scores = scorer.score(model.adapterOrNull(), batch.examples);
    for (int i = 0; i < scores.size(); i++) {
      int record = batch.positions.get(i);
      losses[record] = scores.get(i).meanLoss();
      cache.put(model.id(), records.get(record).id(), losses[record]);
    }
  }

  /** Examples to score together, and which records they are. */
  private static final class Batch {
    private final List<Integer> positions = new ArrayList<>();
    private final List<TokenizedExample> examples = new ArrayList<>();
    private int tokens;

    void add(int position, TokenizedExample example) {
      positions.add(position);
      examples.add(example);
      tokens += example.length();
    }
  }
}
