package dev.tributary.ingest.topology.state;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * The memory all RocksDB stores of one Streams client share. By default each store of each
 * partition and time segment brings its own 50 MB cache and 48 MB of write buffers.
 *
 * <p>It travels to the stores inside the Streams configuration, under {@link #CONFIG}. It lives as
 * long as the process: some stores may outlive the client's close by a moment, and freeing native
 * memory under them would crash the JVM.
 */
public final class RocksDbMemory {

  /** Key of the Streams configuration. */
  public static final String CONFIG = "tributary.rocksdb.memory";

  private static final long TOTAL_BYTES = 64L << 20;
  private static final long WRITE_BUFFER_BYTES = 16L << 20;
  private static final long ONE_WRITE_BUFFER_BYTES = 1L << 20;

  private final Cache cache;
  private final WriteBufferManager writeBuffers;

  public RocksDbMemory() {
    RocksDB.loadLibrary();
    this.cache = new LRUCache(TOTAL_BYTES);
    this.writeBuffers = new WriteBufferManager(WRITE_BUFFER_BYTES, cache);
  }

  /** Gives each store its part; made by Kafka Streams. */
  public static final class Setter implements RocksDBConfigSetter {

    @Override
    public void setConfig(String storeName, Options options, Map<String, Object> configs) {
      RocksDbMemory memory = (RocksDbMemory) configs.get(CONFIG);
      BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
      table.setBlockCache(memory.cache);
      table.setCacheIndexAndFilterBlocks(true);
      options.setTableFormatConfig(table);
      options.setWriteBufferManager(memory.writeBuffers);
      options.setWriteBufferSize(ONE_WRITE_BUFFER_BYTES);
      options.setMaxWriteBufferNumber(2);
    }

    @Override
    public void close(String storeName, Options options) {
      // What was set here is shared with the other stores.
    }
  }
}
