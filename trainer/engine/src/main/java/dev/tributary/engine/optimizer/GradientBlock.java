package dev.tributary.engine.optimizer;

import dev.tributary.engine.tensor.ParameterBlock;
import dev.tributary.engine.tensor.ParameterLayout;
import dev.tributary.engine.tensor.SparseRows;
import java.util.Optional;

/**
 * The gradients of a block of parameters. Where the first matrix is a table that a step looks up a
 * few rows of, only those have memory: the gradients of all others are zero. For one thread.
 */
public final class GradientBlock {

  private final ParameterBlock block;
  private final Optional<SparseRows> table;

  private GradientBlock(ParameterBlock block, Optional<SparseRows> table) {
    this.block = block;
    this.table = table;
  }

  /** On a block laid out as the parameters. */
  public static GradientBlock dense(ParameterBlock block) {
    return new GradientBlock(block, Optional.empty());
  }

  /**
   * Zeros.
   *
   * @param layout of the parameters; the first is the table
   * @param mostRows of the table in one step; if that is all of them, the block is dense
   */
  public static GradientBlock withTable(ParameterLayout layout, int mostRows) {
    ParameterLayout.Entry first = layout.entries().getFirst();
    if (mostRows >= first.rows()) {
      return dense(ParameterBlock.zeros(layout));
    }
    ParameterBlock block = ParameterBlock.zeros(layout.withFirstRows(mostRows));
    SparseRows table = new SparseRows(first.rows(), block.get(first.name()));
    return new GradientBlock(block, Optional.of(table));
  }

  /** By name; of the table, if there is one, what {@link SparseRows#values} is. */
  public ParameterBlock block() {
    return block;
  }

  /** The gradient of the first matrix, unless it is as dense as the others. */
  public Optional<SparseRows> table() {
    return table;
  }

  /** Whether so many tokens can look up a row each. */
  public boolean hasRowsFor(int tokens) {
    return table.isEmpty() || tokens <= table.get().values().rows();
  }

  public void zero() {
    table.ifPresent(SparseRows::clear);
    block.zero();
  }
}
