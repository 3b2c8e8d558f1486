package dev.tributary.schemas.serde;

/**
 * Bounds on what a record may claim before anything is allocated for it.
 *
 * @param maxStringBytes longest string or byte field, in bytes
 * @param maxItems most array and map items in a whole record
 * @param maxDepth deepest nesting of records, arrays, maps and unions
 */
record AvroLimits(int maxStringBytes, int maxItems, int maxDepth) {

  static final AvroLimits DEFAULT = new AvroLimits(1 << 20, 10_000, 64);
}
