package io.leafd.store;

import io.leafd.store.engine.Engine;
import io.leafd.store.engine.Family;
import io.leafd.store.engine.Scan;
import io.leafd.store.engine.WriteGroup;
import io.leafd.store.files.LostFiles;
import io.leafd.store.files.TableCarver;
import io.leafd.store.log.StreamLog;
import io.leafd.store.loop.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the sound records of tables that were taken out back into the database. Used by the store loop at an opening.
 *
 * <p>What is found in a lost table may be older than what the database has, or have been deleted since. Therefore
 *
 * <ul>
 *   <li>messages are put back if they are missing: they never change, and whether they are live is said elsewhere;
 *   <li>deleted sequences are added to those known: nothing is ever undeleted;
 *   <li>records of streams and consumers come from {@link DefinitionsFile}, if that is there;
 *   <li>other records are put back if they are missing: a position may then be older than it was, which repeats work and skips none;
 *   <li>what is derived from messages is derived anew.
 * </ul>
 *
 * A table that was worked through is renamed, so that a crash in the middle only means beginning again.
 */
final class Salvage {
    private static final Logger log = LoggerFactory.getLogger(Salvage.class);
    private static final String TABLE = ".sst";
    private static final String DONE = ".salvaged";
    private static final int MESSAGE_KEY_BYTES = 16;
    private static final int BITMAP_KEY_BYTES = 17;

    private final Engine engine;
    private final LostFiles lost;
    private final boolean hasDefinitions;
    private long restored;

    Salvage(Engine engine, LostFiles lost, boolean hasDefinitions) {
        this.engine = engine;
        this.lost = lost;
        this.hasDefinitions = hasDefinitions;
    }

    /** Whether tables were taken out and not worked through: a crash came between. */
    static boolean isDue(Path directory) {
        try {
            return !new LostFiles(directory).list(TABLE).isEmpty();
        } catch (IOException e) {
            return false;
        }
    }

    /** Works through all tables that were taken out since the last time; how many records were put back. */
    long run() throws IOException {
        List<Path> tables = lost.list(TABLE);
        Set<Long> streams = Set.of();
        for (Family family : Family.values()) { // streams first: what belongs to none is left where it is
            for (Path table : tables) {
                if (family(table) == family) {
                    workThrough(table, family, streams);
                }
            }
            if (family == Family.METADATA && !tables.isEmpty()) {
                streams = streams();
            }
        }
        for (Path table : tables) {
            if (family(table) == null) {
                workThrough(table, null, streams);
            }
        }
        return restored;
    }

    private void workThrough(Path table, @Nullable Family family, Set<Long> streams) throws IOException {
        carve(table, family, streams);
        engine.readThrough();
        engine.sync();
        Files.move(table, table.resolveSibling(table.getFileName() + DONE));
    }

    private void carve(Path table, @Nullable Family family, Set<Long> streams) throws IOException {
        long before = restored;
        long found = TableCarver.carve(table, this::sound, (key, value) -> {
            putBack(family, key, body(value), streams);
            if (engine.full()) {
                engine.readThrough();
            }
        });
        log.warn("store salvaged a table file={} sound_records={} put_back={}", table, found, restored - before);
    }

    private boolean sound(ByteBuffer key, ByteBuffer value) {
        return engine.problem(key, value) == null;
    }

    private static byte[] body(ByteBuffer value) {
        byte[] body = new byte[value.remaining()];
        value.get(body);
        return body;
    }

    private void putBack(@Nullable Family family, byte[] key, byte[] body, Set<Long> streams) {
        switch (family) {
            case null -> {
                if (isMessage(key, body, streams)) {
                    putMissing(Family.MESSAGES, key, body);
                }
            }
            case MESSAGES -> {
                if (isMessage(key, body, streams)) {
                    putMissing(family, key, body);
                }
            }
            case METADATA -> {
                if (!hasDefinitions || key[0] != StreamRecord.KEY) {
                    putMissing(family, key, body);
                }
            }
            case DELETED -> putDeleted(key, body, streams);
            case CONSUMERS -> {
                if (!hasDefinitions || key[Long.BYTES] != ConsumerStore.CONFIG) {
                    putMissing(family, key, body);
                }
            }
            case CURSORS, MSG_IDS -> putMissing(family, key, body);
            case SUBJECTS, INDEX -> {}
        }
    }

    /** Whether it is a message of a stream that there is. In a table whose family is not known, this tells messages from the rest. */
    private static boolean isMessage(byte[] key, byte[] body, Set<Long> streams) {
        return key.length == MESSAGE_KEY_BYTES && streams.contains(owner(key)) && StreamLog.isMessage(body);
    }

    private void putDeleted(byte[] key, byte[] body, Set<Long> streams) {
        if (key.length != BITMAP_KEY_BYTES || !streams.contains(owner(key))) {
            return;
        }
        byte[] present = present(Family.DELETED, key);
        if (present == null || present.length != body.length || key[Long.BYTES] != 0) {
            putMissing(Family.DELETED, key, body);
            return;
        }
        for (int i = 0; i < body.length; i++) {
            present[i] |= body[i];
        }
        put(Family.DELETED, key, present);
    }

    private void putMissing(Family family, byte[] key, byte[] body) {
        if (present(family, key) == null) {
            put(family, key, body);
            restored++;
        }
    }

    private void put(Family family, byte[] key, byte[] body) {
        WriteGroup group = engine.group();
        group.key(key.length).put(key);
        group.value(body.length).put(body);
        group.put(family);
    }

    private byte @Nullable [] present(Family family, byte[] key) {
        ByteBuffer direct = ByteBuffer.allocateDirect(key.length).put(key).flip();
        try {
            ByteBuffer body = engine.body(family, direct);
            if (body == null) {
                return null;
            }
            byte[] bytes = new byte[body.remaining()];
            body.get(bytes);
            return bytes;
        } catch (StoreException.Corrupt e) {
            return null;
        }
    }

    /** Ids of the streams that have a record. */
    private Set<Long> streams() {
        var ids = new HashSet<Long>();
        engine.readThrough();
        try (Scan scan = engine.scan(Family.METADATA)) {
            boolean valid = scan.seek(new byte[] {StreamRecord.KEY});
            while (valid && scan.key().get(0) == StreamRecord.KEY) {
                ids.add(scan.key().getLong(1));
                valid = scan.next();
            }
        }
        return ids;
    }

    private static long owner(byte[] key) {
        return ByteBuffer.wrap(key).getLong();
    }

    /** The family that the name of a lost table tells, {@code 000072.messages.sst}; null if it tells none. */
    private static @Nullable Family family(Path table) {
        String name = table.getFileName().toString();
        for (Family family : Family.values()) {
            if (name.endsWith("." + family.familyName() + TABLE)) {
                return family;
            }
        }
        return null;
    }
}
