package dev.tributary.app.cli.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tributary.app.tune.Evaluation;
import dev.tributary.app.tune.ModelTask;
import dev.tributary.engine.score.Score;
import java.util.ArrayList;
import java.util.List;

/**
 * The scores of a file; what does not go with the kind of model is null.
 *
 * @param records one a record, in file order
 * @param supervisedTokens of all records; of a classifier, records
 * @param loss of all records, in nats
 * @param meanLoss loss per supervised token or record
 * @param perplexity its exponential, of a language model
 * @param accuracy share of right classes, of a classifier
 * @param macroF1 mean of the classes' F1, of a classifier
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ScoreReport(
    List<ScoredRecord> records,
    int truncated,
    int unsupervised,
    long supervisedTokens,
    double loss,
    double meanLoss,
    Double perplexity,
    Double accuracy,
    Double macroF1) {

  static ScoreReport of(ModelTask task, List<Score> scores, int truncated, int unsupervised) {
    List<ScoredRecord> records = new ArrayList<>(scores.size());
    for (Score score : scores) {
      records.add(record(task, records.size() + 1, score));
    }
    Evaluation all = Evaluation.of(scores);
    return new ScoreReport(
        List.copyOf(records),
        truncated,
        unsupervised,
        all.supervisedTokens(),
        all.loss(),
        all.meanLoss(),
        all.perplexity(),
        all.accuracy(),
        all.macroF1());
  }

  private static ScoredRecord record(ModelTask task, int number, Score score) {
    return new ScoredRecord(
        number,
        score.supervisedTokens(),
        score.lossSum(),
        score.prediction().map(p -> task.labels().orElseThrow().name(p.label())).orElse(null),
        score.prediction().map(p -> task.labels().orElseThrow().name(p.predicted())).orElse(null));
  }

  boolean hasClasses() {
    return accuracy != null;
  }

  String totals() {
    return hasClasses()
        ? "%d records, mean loss %.6f, accuracy %.4f, macro F1 %.4f"
            .formatted(records.size(), meanLoss, accuracy, macroF1)
        : "%d records, %d supervised tokens, loss %.4f, mean loss %.6f, perplexity %.4f"
            .formatted(records.size(), supervisedTokens, loss, meanLoss, perplexity);
  }
}
