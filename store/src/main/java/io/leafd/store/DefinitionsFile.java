package io.leafd.store;

import io.leafd.store.engine.Engine;
import io.leafd.store.engine.Family;
import io.leafd.store.engine.Scan;
import io.leafd.store.engine.WriteGroup;
import io.leafd.store.log.StreamLog;
import io.leafd.store.loop.StoreException;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file {@code definitions}: a second copy of what makes messages reachable, the records of streams and of consumers. Owned by
 * the store loop.
 *
 * <p>A stream's messages fill many files, its name and configuration a few hundred bytes of one. One flipped bit there would take the
 * whole stream away. So these records are written here a second time, within a second or so of a change, and when a file of the
 * database that held them is damaged they are put back.
 *
 * <pre>
 *   "leafddef" (8) | then for each record: family (1), key length (4), body length (4), key, body | CRC32C of all before (4)
 * </pre>
 *
 * The file is replaced as a whole. It is written at most as often as keeps it below {@link #BYTES_PER_MS}.
 */
final class DefinitionsFile {
    static final String NAME = "definitions";
    private static final Logger log = LoggerFactory.getLogger(DefinitionsFile.class);
    private static final long MAGIC = 0x6c65616664646566L; // leafddef
    private static final int HEADER_BYTES = 8;
    private static final int CRC_BYTES = 4;
    private static final int RECORD_HEADER_BYTES = 9;
    private static final Set<Integer> COPIED = Set.of(Family.METADATA.id(), Family.CONSUMERS.id());
    private static final int BYTES_PER_MS = 100;
    private static final long NS_PER_MS = 1_000_000;

    private final Path file;
    private final Engine engine;
    private boolean dirty = true;
    private long writtenNs;
    private long waitNs;

    DefinitionsFile(Path directory, Engine engine) {
        this.file = directory.resolve(NAME);
        this.engine = engine;
    }

    /** One record of the file. */
    record Definition(Family family, byte[] key, byte[] body) {}

    /** A stream or a consumer was made, changed or deleted. */
    void changed() {
        dirty = true;
    }

    /** Writes the file, if anything changed and it was not written just now. Never throws: it is a copy. */
    void tend(long nowNs, Iterable<StreamLog> streams) {
        if (!dirty || nowNs - writtenNs < waitNs) {
            return;
        }
        try {
            byte[] bytes = bytes(streams);
            writtenNs = nowNs;
            waitNs = bytes.length / BYTES_PER_MS * NS_PER_MS;
            replace(bytes);
            dirty = false;
        } catch (IOException | StoreException e) {
            log.warn("store definitions cannot be copied file={} error={}", file, e.toString());
        }
    }

    private byte[] bytes(Iterable<StreamLog> streams) throws IOException {
        engine.readThrough();
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        out.writeLong(MAGIC);
        collect(out, Family.METADATA, new byte[] {KeyMark.KEY});
        collect(out, Family.METADATA, new byte[] {Ids.KEY});
        collect(out, Family.METADATA, new byte[] {StreamRecord.KEY});
        for (StreamLog stream : streams) {
            collect(out, Family.CONSUMERS, ConsumerStore.prefix(stream.id(), ConsumerStore.CONFIG));
        }
        out.writeInt(crc(bytes.toByteArray(), bytes.size()));
        return bytes.toByteArray();
    }

    private void collect(DataOutputStream out, Family family, byte[] prefix) throws IOException {
        try (Scan scan = engine.scan(family)) {
            boolean valid = scan.seek(prefix);
            while (valid && startsWith(scan.key(), prefix)) {
                try {
                    ByteBuffer body = scan.body();
                    out.writeByte(family.id());
                    out.writeInt(scan.key().remaining());
                    out.writeInt(body.remaining());
                    out.write(copy(scan.key()));
                    out.write(copy(body));
                } catch (StoreException.Corrupt e) {
                    log.warn("damaged definition left out of the copy family={} error={}", family, e.getMessage());
                }
                valid = scan.next();
            }
        }
    }

    private static boolean startsWith(ByteBuffer key, byte[] prefix) {
        return key.remaining() >= prefix.length
                && key.slice(key.position(), prefix.length).equals(ByteBuffer.wrap(prefix));
    }

    /** What the file of a directory holds; null if there is none or it is damaged. */
    static @Nullable List<Definition> read(Path directory) {
        Path file = directory.resolve(NAME);
        try {
            ByteBuffer all = ByteBuffer.wrap(Files.isRegularFile(file) ? Files.readAllBytes(file) : new byte[0]);
            int end = all.limit() - CRC_BYTES;
            if (end < HEADER_BYTES || all.getLong() != MAGIC || crc(all.array(), end) != all.getInt(end)) {
                return null;
            }
            return records(all.slice(HEADER_BYTES, end - HEADER_BYTES));
        } catch (IOException e) {
            log.warn("store definitions cannot be read file={} error={}", file, e.toString());
            return null;
        }
    }

    /** Null if lengths or families do not fit, which a checksum that is right by chance, or another writer, may come to. */
    private static @Nullable List<Definition> records(ByteBuffer from) {
        var definitions = new ArrayList<Definition>();
        while (from.remaining() >= RECORD_HEADER_BYTES) {
            int familyId = from.get();
            long keyBytes = from.getInt();
            long bodyBytes = from.getInt();
            boolean fits = keyBytes >= 0 && bodyBytes >= 0 && keyBytes + bodyBytes <= from.remaining();
            if (!fits || !COPIED.contains(familyId)) {
                return null;
            }
            byte[] key = new byte[(int) keyBytes];
            byte[] body = new byte[(int) bodyBytes];
            from.get(key).get(body);
            definitions.add(new Definition(Family.of(familyId), key, body));
        }
        return from.hasRemaining() ? null : definitions;
    }

    /** Stages all these records: they replace what the database has under their keys. */
    static void restore(List<Definition> definitions, Engine engine) {
        WriteGroup group = engine.group();
        for (Definition definition : definitions) {
            group.key(definition.key.length).put(definition.key);
            group.value(definition.body.length).put(definition.body);
            group.put(definition.family);
        }
        engine.readThrough();
    }

    private void replace(byte[] bytes) throws IOException {
        Path draft = file.resolveSibling(NAME + ".new");
        Files.write(draft, bytes);
        try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static int crc(byte[] bytes, int end) {
        var crc = new CRC32C();
        crc.update(bytes, 0, end);
        return (int) crc.getValue();
    }

    private static byte[] copy(ByteBuffer from) {
        byte[] bytes = new byte[from.remaining()];
        from.get(from.position(), bytes);
        return bytes;
    }
}
