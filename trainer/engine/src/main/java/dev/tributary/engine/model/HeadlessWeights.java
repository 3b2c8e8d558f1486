package dev.tributary.engine.model;

import dev.tributary.engine.format.huggingface.HuggingFaceWeights;
import dev.tributary.engine.tensor.Tensor;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The weights of a model that may have been saved without its classification head, which then comes
 * from elsewhere. What else is missing is missing.
 */
final class HeadlessWeights implements WeightSource {

  private static final Logger LOG = LoggerFactory.getLogger(HeadlessWeights.class);

  private final HuggingFaceWeights files;
  private final WeightSource fresh;

  HeadlessWeights(HuggingFaceWeights files, WeightSource fresh) {
    this.files = files;
    this.fresh = fresh;
  }

  @Override
  public void read(String name, Tensor target) {
    if (isFresh(name)) {
      LOG.warn("{} is not in the model's files; it starts from random weights", name);
      fresh.read(name, target);
    } else {
      files.read(name, target);
    }
  }

  @Override
  public Optional<Tensor> mapped(String name, int rows, int columns) {
    return isFresh(name) ? Optional.empty() : files.mapped(name, rows, columns);
  }

  @Override
  public Optional<StoredRows> stored(String name, int rows, int columns) {
    return isFresh(name) ? Optional.empty() : files.stored(name, rows, columns);
  }

  private boolean isFresh(String name) {
    boolean head = name.startsWith(ModelLayout.CLASSIFIER + ".") || name.contains(".pooler.");
    return head && !files.contains(name);
  }
}
