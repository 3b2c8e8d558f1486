package dev.tributary.engine.kernels.onednn;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The packed layout of each shape in one type, asked for once. */
final class PackedLayouts {

  private record Shape(int inner, int columns) {}

  private final Map<Shape, PackedLayout> known = new ConcurrentHashMap<>();
  private final int type;

  PackedLayouts(int type) {
    this.type = type;
  }

  PackedLayout of(int inner, int columns) {
    return known.computeIfAbsent(
        new Shape(inner, columns), shape -> PackedLayout.of(type, shape.inner(), shape.columns()));
  }
}
