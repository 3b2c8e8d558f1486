package dev.tributary.engine.tensor;

import java.util.ArrayList;
import java.util.List;

/**
 * Named matrices one after another on one flat memory, each starting on a 64-byte boundary. Two
 * blocks of the same layout (values, gradients, moments) can be worked on in one pass.
 */
public final class ParameterLayout {

  /**
   * One matrix.
   *
   * @param name as it is called in a file
   * @param offset of its first element, in floats
   */
  public record Entry(String name, int rows, int columns, long offset) {

    public long size() {
      return (long) rows * columns;
    }
  }

  /** Collects the entries in their order in memory. */
  public static final class Builder {

    private static final int FLOATS_PER_LINE = TensorArena.ALIGNMENT / Float.BYTES;

    private final List<Entry> entries = new ArrayList<>();
    private long end;

    private Builder() {}

    public Builder add(String name, int rows, int columns) {
      entries.add(new Entry(name, rows, columns, end));
      long size = (long) rows * columns;
      end += (size + FLOATS_PER_LINE - 1) / FLOATS_PER_LINE * FLOATS_PER_LINE;
      return this;
    }

    public ParameterLayout build() {
      return new ParameterLayout(entries, end);
    }
  }

  private final List<Entry> entries;
  private final long length;

  private ParameterLayout(List<Entry> entries, long length) {
    this.entries = List.copyOf(entries);
    this.length = length;
  }

  public static Builder builder() {
    return new Builder();
  }

  public List<Entry> entries() {
    return entries;
  }

  /** Floats of a whole block, the gaps between matrices included. */
  public long length() {
    return length;
  }

  /** Offset of the second matrix, in floats. */
  long restOffset() {
    return entries.size() > 1 ? entries.get(1).offset() : length;
  }

  /** The same, but with so many rows of the first matrix. */
  public ParameterLayout withFirstRows(int rows) {
    Builder builder = builder();
    Entry first = entries.getFirst();
    builder.add(first.name(), rows, first.columns());
    for (Entry entry : entries.subList(1, entries.size())) {
      builder.add(entry.name(), entry.rows(), entry.columns());
    }
    return builder.build();
  }

  /** Number of parameters, without gaps. */
  public long parameterCount() {
    return entries.stream().mapToLong(Entry::size).sum();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ParameterLayout that && entries.equals(that.entries);
  }

  @Override
  public int hashCode() {
    return entries.hashCode();
  }
}
