package dev.tributary.engine.model;

import dev.tributary.engine.data.PackedBatch;
import dev.tributary.engine.kernels.AttentionShape;
import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.kernels.Norm;
import dev.tributary.engine.kernels.RotaryTable;
import dev.tributary.engine.tensor.RowBuffer;
import dev.tributary.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * The attention of one block: to queries, keys and values; their normalisation and turning, where
 * the family has it; attention; and back to the residual stream.
 */
final class AttentionLayer {

  private final Kernels kernels;
  private final AttentionShape shape;
  private final Optional<RotaryTable> rotary;
  private final Activations.Block kept;
  private final Gradients gradientsOrNull;
  private final int layer;
  private final LinearLayer input;
  private final LinearLayer output;
  private final HeadRows queries;
  private final HeadRows keys;

  /** Queries or keys of a block, and how their heads are normalised. */
  private record HeadRows(
      NormSite site,
      Norm normOrNull,
      RowBuffer statisticsOrNull,
      RowBuffer rawOrNull,
      RowBuffer rows,
      RowBuffer dRowsOrNull) {

    static HeadRows of(
        NormSite site,
        ModelWeights.Block weights,
        Activations.Block kept,
        Gradients gradientsOrNull,
        int column,
        int width) {
      return new HeadRows(
          site,
          weights.norm(site),
          site == NormSite.QUERY ? kept.queryNorm() : kept.keyNorm(),
          kept.rawQueryKey() == null ? null : kept.rawQueryKey().columns(column, width),
          kept.qkv().columns(column, width),
          gradientsOrNull == null ? null : gradientsOrNull.qkv().columns(column, width));
    }
  }

  /**
   * @param sum where the result is added
   * @param dSumOrNull the gradient by it; null if there is no backward pass, as gradientsOrNull
   */
  AttentionLayer(
      ModelConfig config,
      Kernels kernels,
      Optional<RotaryTable> rotary,
      ModelWeights.Block weights,
      int layer,
      Activations.Block kept,
      RowBuffer sum,
      Gradients gradientsOrNull,
      RowBuffer dSumOrNull) {
    this.kernels = kernels;
    this.shape = config.attention();
    this.rotary = rotary;
    this.kept = kept;
    this.gradientsOrNull = gradientsOrNull;
    this.layer = layer;
    RowBuffer dQkv = gradientsOrNull == null ? null : gradientsOrNull.qkv();
    this.input =
        new LinearLayer(
            config, kernels, weights, LinearSite.ATTENTION_INPUT, layer, kept.qkv(), dQkv);
    this.output =
        new LinearLayer(
            config, kernels, weights, LinearSite.ATTENTION_OUTPUT, layer, sum, dSumOrNull);
    this.queries =
        HeadRows.of(NormSite.QUERY, weights, kept, gradientsOrNull, 0, shape.queryWidth());
    this.keys =
        HeadRows.of(
            NormSite.KEY, weights, kept, gradientsOrNull, shape.keyColumn(), shape.keyValueWidth());
  }

  /** Adds the attention's result to the sum it was made for. */
  void forward(Pass pass, Tensor x) {
    int n = pass.n();
    Tensor qkv = kept.qkv().first(n);
    Tensor attended = kept.attended().first(n);
    input.forward(pass, x, false);
    place(queries, pass);
    place(keys, pass);
    pass.attention().attend(layer, qkv, kept.logSumExp().first(n), attended);
    output.forward(pass, attended, true);
  }

  /** Whether {@link #backward} needs the input. */
  boolean trainsInput(Adaptation adaptation) {
    return input.trains(adaptation);
  }

  /**
   * From the gradient by the sum to the one by the input.
   *
   * @param xOrNull the input; null if nothing at its site is trained
   * @param accumulate adds to dx instead of overwriting it
   * @param dxOrNull null if it is not wanted
   */
  void backward(Pass pass, PackedBatch batch, Tensor xOrNull, boolean accumulate, Tensor dxOrNull) {
    int n = pass.n();
    Tensor attended = kept.attended().first(n);
    Tensor dAttended = gradientsOrNull.attended().first(n);
    output.backward(pass, attended, false, dAttended);
    kernels.attentionGradient(
        shape,
        kept.qkv().first(n),
        batch.sequenceStarts(),
        batch.sequenceCount(),
        kept.logSumExp().first(n),
        attended,
        dAttended,
        gradientsOrNull.qkv().first(n));
    placeBackward(queries, pass);
    placeBackward(keys, pass);
    input.backward(pass, xOrNull, accumulate, dxOrNull);
  }

  /** Normalises and turns the heads. */
  private void place(HeadRows heads, Pass pass) {
    Tensor rows = heads.rows.first(pass.n());
    if (heads.normOrNull != null) {
      Tensor raw = heads.rawOrNull.first(pass.n());
      copy(rows, raw);
      kernels.norm(heads.normOrNull, raw, heads.statisticsOrNull.first(pass.n()), rows);
    }
    if (rotary.isPresent()) {
      kernels.rotate(rotary.get(), pass.positions(), false, rows);
    }
  }

  private void placeBackward(HeadRows heads, Pass pass) {
    Tensor dRows = heads.dRowsOrNull.first(pass.n());
    if (rotary.isPresent()) {
      kernels.rotate(rotary.get(), pass.positions(), true, dRows);
    }
    if (heads.normOrNull != null) {
      Tensor raw = heads.rawOrNull.first(pass.n());
      Tensor statistics = heads.statisticsOrNull.first(pass.n());
      if (pass.adaptation().trainsNorms()) {
        pass.adaptation().normBackward(layer, heads.site, raw, statistics, dRows);
      }
      kernels.normInputGradient(heads.normOrNull, raw, statistics, dRows, false, dRows);
    }
  }

  private static void copy(Tensor from, Tensor to) {
    for (int i = 0; i < from.rows(); i++) {
      MemorySegment.copy(
          from.memory(),
          4L * i * from.stride(),
          to.memory(),
          4L * i * to.stride(),
          4L * from.columns());
    }
  }
}
