package dev.tributary.app.tune;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tributary.engine.objective.Prediction;
import dev.tributary.engine.score.ClassificationMetrics;
import dev.tributary.engine.score.Score;
import java.util.List;
import java.util.Optional;

/**
 * How well a model predicts a data set; what does not go with the kind of model is null.
 *
 * @param examples records that were scored
 * @param supervisedTokens of all of them; of a classifier, records with a class
 * @param loss summed, in nats
 * @param meanLoss per supervised token or class
 * @param perplexity exponential of the mean loss, of a language model
 * @param accuracy share of right classes, of a classifier
 * @param macroF1 as scikit-learn's {@code f1_score(average="macro")}, of a classifier
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Evaluation(
    int examples,
    long supervisedTokens,
    double loss,
    double meanLoss,
    Double perplexity,
    Double accuracy,
    Double macroF1) {

  public static Evaluation of(List<Score> scores) {
    long supervised = scores.stream().mapToLong(Score::supervisedTokens).sum();
    double loss = scores.stream().mapToDouble(Score::lossSum).sum();
    double mean = loss / supervised;
    List<Prediction> predictions =
        scores.stream().map(Score::prediction).flatMap(Optional::stream).toList();
    if (predictions.isEmpty()) {
      return new Evaluation(scores.size(), supervised, loss, mean, Math.exp(mean), null, null);
    }
    ClassificationMetrics metrics = ClassificationMetrics.of(predictions);
    return new Evaluation(
        scores.size(), supervised, loss, mean, null, metrics.accuracy(), metrics.macroF1());
  }

  /** Whether a classifier was scored. */
  public boolean hasClasses() {
    return accuracy != null;
  }
}
