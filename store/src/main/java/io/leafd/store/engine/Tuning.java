package io.leafd.store.engine;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompactionPriority;
import org.rocksdb.CompactionStyle;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Logger;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBufferManager;

/**
 * All RocksDB options of one opening, and the native objects behind them. Closed after the database.
 *
 * <p>Memory: of the store's budget, 4/8 is one LRU cache that holds data blocks, index and filter blocks <em>and</em> the
 * memtables (a write-buffer manager of 2/8 is charged to it), 1/8 is the store's own caches on the heap, and the rest is slack
 * for what RocksDB allocates unasked (iterators, compaction buffers, table readers) and for the allocator's gaps: with a cache of
 * 40 MiB under load 60 were in use. So nothing grows with the data.
 *
 * <p>Disk: while a compaction runs, what it takes in and what it makes both take space. Files and levels are scaled so that this
 * stays near a twentieth of the disk budget, which is kept in reserve for it.
 *
 * <p>Choices, measured with 128-byte and 1-KiB messages on ext4:
 *
 * <ul>
 *   <li>Level compaction: with rising keys files are only moved (write amplification 2.0), and scans are two to four times as
 *       fast as universal or FIFO. BlobDB was rejected: half the fill rate, a fifth of the scan rate.
 *   <li>A small first level of small tables: keys of several streams rise side by side, so what is flushed overlaps with all tables of that
 *       level and is merged with them, while a table of one stream alone moves on as it is. With a first level of about a memtable's size instead of
 *       four times that, tables of half of it (a quarter on small disks), and small records merged eight tables at a time, a gigabyte of
 *       overload takes 5.0 s of compaction instead of 6.4, and 1.9 bytes are rewritten for each one instead of 2.4.
 *   <li>A table is written a MiB at a time, each waiting for the one before: on a slow disk the log's syncs stand behind whatever tables have
 *       under way. With a disk of 10 MB a second and too much to store, the longest took 0.9 s instead of 4.4.
 *   <li>Small memtables: a restart after a kill replays at most the WAL that they hold back.
 *   <li>One writer thread: no concurrent memtable inserts, no pipelined writes.
 *   <li>No compression: payloads of devices are small and often compressed or encrypted already; the CPU of a small box is
 *       scarcer than its disk.
 * </ul>
 */
final class Tuning implements AutoCloseable {
    private static final int SIXTEENTHS = 16;
    private static final long MEMTABLE_BYTES_MIN = 256 << 10;
    private static final int OPEN_FILES_MAX = 128;
    private static final long FIRST_LEVEL_BYTES_MAX = 16L << 20;
    private static final long FIRST_LEVEL_BYTES_MIN = 512 << 10;

    private final long firstLevelBytes;
    private final long tableFileBytes;
    private final long compactionBytesMax;
    private final Cache cache;
    private final WriteBufferManager writeBuffers;
    private final BloomFilter bloom = new BloomFilter(10);
    private final DBOptions dbOptions;
    private final List<ColumnFamilyOptions> familyOptions = new ArrayList<>();
    private final List<ColumnFamilyDescriptor> families = new ArrayList<>();
    private @Nullable Logger logger;

    Tuning(EngineConfig config, WALRecoveryMode walRecovery) {
        long writeBufferBytes = config.memoryBytes() / 4;
        firstLevelBytes = Math.clamp(config.maxDiskBytes() / 256, FIRST_LEVEL_BYTES_MIN, FIRST_LEVEL_BYTES_MAX);
        tableFileBytes = Math.clamp(config.maxDiskBytes() / 4096, firstLevelBytes / 4, firstLevelBytes / 2);
        compactionBytesMax = config.maxDiskBytes() / 40;
        cache = new LRUCache(config.memoryBytes() / 8 * 4, 2);
        writeBuffers = new WriteBufferManager(writeBufferBytes, cache);
        dbOptions = dbOptions(Math.min(writeBufferBytes * 4, config.maxDiskBytes() / 8), walRecovery);
        for (Family family : Family.values()) {
            ColumnFamilyOptions options = familyOptions(family, writeBufferBytes);
            familyOptions.add(options);
            families.add(new ColumnFamilyDescriptor(family.nameBytes(), options));
        }
    }

    DBOptions dbOptions() {
        return dbOptions;
    }

    /** Descriptors in the order of {@link Family}. */
    List<ColumnFamilyDescriptor> families() {
        return families;
    }

    /** For looking at a database without leaving a trace: no log of RocksDB's own, no complaint about missing tables. */
    Tuning silent() {
        var none = new Logger(InfoLogLevel.FATAL_LEVEL) {
            @Override
            protected void log(InfoLogLevel level, String line) {}
        };
        logger = none;
        dbOptions.setLogger(none).setParanoidChecks(false);
        return this;
    }

    private DBOptions dbOptions(long walBytes, WALRecoveryMode walRecovery) {
        return new DBOptions()
                .setCreateIfMissing(true)
                .setCreateMissingColumnFamilies(true)
                .setParanoidChecks(true)
                .setWalRecoveryMode(walRecovery)
                .setMaxTotalWalSize(walBytes)
                .setWriteBufferManager(writeBuffers)
                .setMaxOpenFiles(OPEN_FILES_MAX)
                .setMaxFileOpeningThreads(
                        1) // 16 are started anew for each family and each change of the MANIFEST, 150 at a start
                .setMaxBackgroundJobs(2)
                .setAllowConcurrentMemtableWrite(false)
                .setEnableWriteThreadAdaptiveYield(false)
                .setAvoidUnnecessaryBlockingIO(true)
                .setBytesPerSync(1 << 20)
                .setStrictBytesPerSync(true)
                .setCompactionReadaheadSize(256 << 10)
                .setMaxManifestFileSize(4 << 20)
                .setManifestPreallocationSize(64 << 10)
                .setStatsDumpPeriodSec(0)
                .setStatsPersistPeriodSec(0)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setMaxLogFileSize(1 << 20)
                .setKeepLogFileNum(2);
    }

    private ColumnFamilyOptions familyOptions(Family family, long writeBufferBytes) {
        long memtableBytes =
                Math.clamp(writeBufferBytes * family.memtableShare() / SIXTEENTHS, MEMTABLE_BYTES_MIN, firstLevelBytes);
        return new ColumnFamilyOptions()
                .setTableFormatConfig(tables(family))
                .setWriteBufferSize(memtableBytes)
                .setArenaBlockSize(Math.min(256 << 10, memtableBytes / 8))
                .setMaxWriteBufferNumber(3)
                .setMemtableWholeKeyFiltering(family == Family.SUBJECTS || family == Family.MSG_IDS)
                .setMemtablePrefixBloomSizeRatio(family == Family.SUBJECTS || family == Family.MSG_IDS ? 0.05 : 0)
                .setCompactionStyle(CompactionStyle.LEVEL)
                .setCompactionPriority(CompactionPriority.MinOverlappingRatio)
                .setLevelCompactionDynamicLevelBytes(true)
                .setLevel0FileNumCompactionTrigger(family == Family.MESSAGES ? 4 : 8)
                .setLevelZeroSlowdownWritesTrigger(16)
                .setLevelZeroStopWritesTrigger(24)
                .setTargetFileSizeBase(tableFileBytes)
                .setMaxBytesForLevelBase(firstLevelBytes)
                .setMaxCompactionBytes(compactionBytesMax)
                .setCompressionType(CompressionType.NO_COMPRESSION);
    }

    private BlockBasedTableConfig tables(Family family) {
        return new BlockBasedTableConfig()
                .setBlockCache(cache)
                .setCacheIndexAndFilterBlocks(true)
                .setCacheIndexAndFilterBlocksWithHighPriority(true)
                .setPinL0FilterAndIndexBlocksInCache(true)
                .setFilterPolicy(bloom)
                .setBlockSize(family == Family.MESSAGES ? 16 << 10 : 4 << 10)
                .setFormatVersion(5);
    }

    @Override
    public void close() {
        for (ColumnFamilyOptions options : familyOptions) {
            options.close();
        }
        dbOptions.close();
        if (logger != null) {
            logger.close();
        }
        writeBuffers.close();
        bloom.close();
        cache.close();
    }
}
