package dev.tributary.ingest.topology;

/**
 * Where the join keeps its state; either way the state is also in Kafka and is rebuilt from there.
 */
public enum StateStores {
  /** On disk, in bounded memory: for any volume. */
  ROCKSDB,
  /** On the heap: for small volumes and read-only file systems. */
  IN_MEMORY
}
