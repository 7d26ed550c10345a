package io.leafd.app.config;

import static io.leafd.app.config.schema.Key.optional;
import static io.leafd.app.config.schema.Key.withDefault;

import io.leafd.app.config.schema.Key;
import io.leafd.app.config.schema.Kinds;
import io.leafd.app.config.schema.Section;
import io.leafd.app.config.schema.Table;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * {@code [store]}. Immutable.
 *
 * @param syncInterval      zero syncs before every acknowledgement; otherwise so much may be lost in a power cut
 * @param diskMaxBytes      null is bounded by {@code freeMinBytes} only
 * @param memoryBytes       block cache and memtables together
 * @param encryptionKeyFile null stores in the clear
 */
public record StoreConfig(
        Duration syncInterval,
        @Nullable Long diskMaxBytes,
        long freeMinBytes,
        long memoryBytes,
        @Nullable Path encryptionKeyFile) {

    static final Key<Duration> SYNC = withDefault("sync", NatsKinds.sync(), "always")
            .doc(
                    "`always`: what is acknowledged is on the disk, and one sync serves all who waited. A duration: the disk is"
                            + " synced that often, and a power cut may lose what was acknowledged since.");
    static final Key<Long> MAX_DISK = optional(
                    "max_disk", Kinds.size("64MiB", ""), "bounded by `min_free` only", "\"20GiB\"")
            .doc("Most bytes of the whole data directory. At this bound new messages are refused until there is room.");
    static final Key<Long> MIN_FREE = withDefault("min_free", Kinds.size("0B", ""), "1GiB")
            .doc("Bytes that stay free on the file system of the data directory.");
    static final Key<Long> MEMORY = withDefault("memory", Kinds.size("8MiB", "16GiB"), "64MiB")
            .doc("Memory of the store: block cache and write buffers together.");
    static final Key<Path> ENCRYPTION_KEY_FILE = optional(
                    "encryption_key_file",
                    SecretFile.secret(),
                    "the store is not encrypted",
                    "\"/etc/leafd/keys/store.key\"")
            .doc(
                    "Messages and positions are encrypted on the disk (AES-256-GCM) with the key in the first line of this file, 64"
                            + " hex digits: `openssl rand -hex 32` makes one. Further lines are older keys, which only decrypt."
                            + " Subjects, message ids and names stay readable. A store that was opened with a key is not opened"
                            + " without it: keep a copy elsewhere.");

    static final Table TABLE =
            Table.of("Where and how messages are kept.", SYNC, MAX_DISK, MIN_FREE, MEMORY, ENCRYPTION_KEY_FILE);

    static StoreConfig of(Section store) {
        return new StoreConfig(
                store.get(SYNC),
                store.find(MAX_DISK),
                store.get(MIN_FREE),
                store.get(MEMORY),
                store.find(ENCRYPTION_KEY_FILE));
    }
}
