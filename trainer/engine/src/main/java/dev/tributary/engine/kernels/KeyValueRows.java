package dev.tributary.engine.kernels;

import dev.tributary.engine.tensor.Tensor;

/**
 * One layer's cache of keys and values for some sequences; sequence s has the rows from {@code s *
 * capacity} on.
 *
 * @param keys {@code [sequences * capacity, shape.keyValueWidth()]}
 * @param values {@code [sequences * capacity, shape.keyValueWidth()]}
 * @param capacity most tokens of one sequence
 */
public record KeyValueRows(Tensor keys, Tensor values, int capacity) {}
