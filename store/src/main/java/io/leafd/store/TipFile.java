package io.leafd.store;

import io.leafd.store.engine.LastSync;
import io.leafd.store.files.ManifestFile;
import io.leafd.store.log.StreamState;
import io.leafd.store.log.WrittenNumbers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file {@code tip}: how far the store had come with its last sync. Owned by the store loop.
 *
 * <p>A database whose newest files were cut off, deleted or replaced by older ones looks whole, only younger: messages that were
 * acknowledged are gone without a trace, and their sequences would be given again. This file notices. It is written after each sync
 * and never synced itself, but for the first time, so it costs a system call or two: after a kill it is exact, and after a power cut it
 * can only say less than was durable, never more.
 *
 * <pre>
 *   0     "leafdtip" (8) | records ever written (8) | number of the MANIFEST (8) | its bytes (8) | zeros | CRC32C at 60 (4)
 *   64 n  stream id (8) | messages (8) | bytes (8) | first (8) | last (8) | last time (8) | subjects (8) | CRC32C (4) | zeros (4)
 * </pre>
 *
 * Numbers are big endian. A slot with a wrong checksum says nothing; so does a file without a header.
 */
final class TipFile implements WrittenNumbers, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TipFile.class);
    static final String NAME = "tip";
    private static final long MAGIC = 0x6c65616664746970L; // leafdtip
    private static final int SLOT_BYTES = 64;
    private static final int HEADER_CRC_AT = 60;
    private static final int SLOT_CRC_AT = 56;
    /** Nobody has so many streams; what is beyond is not noted. */
    private static final int SLOTS_MAX = 1 << 20;

    private final Path file;
    private final Map<Long, Integer> slots = new HashMap<>();
    private final ArrayDeque<Integer> free = new ArrayDeque<>();
    /** What the next sync covers. */
    private final Map<Long, StreamState> written = new LinkedHashMap<>();

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(SLOT_BYTES);
    private int nextSlot = 1;
    private long manifestNumber;
    private long manifestBytes;
    private long seenNumber;
    private long seenBytes;
    private @Nullable FileChannel channel;
    private boolean failed;

    TipFile(Path directory) {
        this.file = directory.resolve(NAME);
    }

    /**
     * What the file said when it was read. Immutable.
     *
     * @param sequence records ever written to the database
     * @param manifestNumber which list of tables was in use
     * @param manifestBytes how long it was at least
     * @param streams numbers by stream id
     */
    record Tip(long sequence, long manifestNumber, long manifestBytes, Map<Long, StreamState> streams) {
        LastSync lastSync(Path database) throws IOException {
            return new LastSync(sequence, listShortened(database));
        }

        /** Whether the list of tables lost its end, or was replaced by an older one: tables would be taken for dead. */
        private boolean listShortened(Path database) throws IOException {
            Path current = ManifestFile.current(database);
            if (current == null) {
                return false; // noticed anyway
            }
            long number = ManifestFile.number(current);
            return number < manifestNumber || (number == manifestNumber && Files.size(current) < manifestBytes);
        }
    }

    /** Reads a file; null if there is none, or it says nothing. */
    static @Nullable Tip read(Path directory) {
        Path file = directory.resolve(NAME);
        try {
            ByteBuffer all = ByteBuffer.wrap(Files.isRegularFile(file) ? Files.readAllBytes(file) : new byte[0]);
            if (all.limit() < SLOT_BYTES || all.getLong(0) != MAGIC || !sound(all, 0, HEADER_CRC_AT)) {
                return null;
            }
            var streams = new HashMap<Long, StreamState>();
            for (int at = SLOT_BYTES; at + SLOT_BYTES <= all.limit(); at += SLOT_BYTES) {
                if (all.getLong(at) != 0 && sound(all, at, SLOT_CRC_AT)) {
                    streams.put(all.getLong(at), numbers(all, at));
                }
            }
            return new Tip(all.getLong(8), all.getLong(16), all.getLong(24), Map.copyOf(streams));
        } catch (IOException e) {
            log.warn("store tip cannot be read file={} error={}", file, e.toString());
            return null;
        }
    }

    private static StreamState numbers(ByteBuffer from, int at) {
        return new StreamState(
                from.getLong(at + 8),
                from.getLong(at + 16),
                from.getLong(at + 24),
                from.getLong(at + 32),
                from.getLong(at + 40),
                from.getLong(at + 48));
    }

    private static boolean sound(ByteBuffer all, int at, int crcAt) {
        var crc = new CRC32C();
        crc.update(all.slice(at, crcAt));
        return (int) crc.getValue() == all.getInt(at + crcAt);
    }

    /**
     * Goes on with what was read. Numbers that are ahead of the database stay, until the stream has been written again: who opens it
     * after a crash in between must know them too. Slots of streams that are not there any more are dropped.
     */
    void open(@Nullable Tip known, Set<Long> streams, long sequence, Path database) {
        close();
        written.clear();
        slots.clear();
        free.clear();
        nextSlot = 1;
        lookAtSettled(database);
        Path draft = file.resolveSibling(NAME + ".new");
        try {
            FileChannel opened = FileChannel.open(
                    draft, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
            channel = opened;
            if (known != null) {
                known.streams.entrySet().stream()
                        .filter(stream -> streams.contains(stream.getKey()))
                        .forEach(stream -> written.put(stream.getKey(), stream.getValue()));
            }
            synced(sequence);
            opened.force(true); // this once: that it is missing shall mean something, see LogEnd
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            fail(e);
        }
    }

    @Override
    public void written(long streamId, StreamState numbers) {
        written.put(streamId, numbers);
    }

    /** The stream was deleted. */
    void forget(long streamId) {
        written.remove(streamId);
        Integer slot = slots.remove(streamId);
        FileChannel open = channel;
        if (slot != null && open != null) {
            try {
                buffer.clear().put(new byte[SLOT_BYTES]).flip();
                open.write(buffer, (long) slot * SLOT_BYTES);
                free.add(slot);
            } catch (IOException e) {
                fail(e);
            }
        }
    }

    /**
     * Looks how long the list of tables is, once a second. What was just added to it may not be on the medium yet: so what is noted
     * is what the look before has seen.
     */
    void look(Path database) {
        manifestNumber = seenNumber;
        manifestBytes = seenBytes;
        try {
            Path current = ManifestFile.current(database);
            if (current != null) {
                seenBytes = Files.size(current);
                seenNumber = ManifestFile.number(current);
            }
        } catch (IOException e) {
            log.warn("store list of tables cannot be looked at directory={} error={}", database, e.toString());
        }
    }

    /** Looks at a list of tables that is all on the medium: the database was opened or closed just now. */
    void lookAtSettled(Path database) {
        look(database);
        look(database);
    }

    /** Everything written is on the medium. */
    void synced(long sequence) {
        FileChannel open = channel;
        if (open == null) {
            return;
        }
        try {
            for (Map.Entry<Long, StreamState> stream : written.entrySet()) {
                writeSlot(open, stream.getKey(), stream.getValue());
            }
            written.clear();
            buffer.clear()
                    .putLong(MAGIC)
                    .putLong(sequence)
                    .putLong(manifestNumber)
                    .putLong(manifestBytes)
                    .put(new byte[HEADER_CRC_AT - 32]);
            seal(HEADER_CRC_AT);
            open.write(buffer, 0);
        } catch (IOException e) {
            fail(e);
        }
    }

    private void writeSlot(FileChannel to, long streamId, StreamState numbers) throws IOException {
        Integer slot = slots.get(streamId);
        if (slot == null) {
            slot = free.isEmpty() ? (Integer) nextSlot++ : free.poll();
            if (slot > SLOTS_MAX) {
                return;
            }
            slots.put(streamId, slot);
        }
        buffer.clear()
                .putLong(streamId)
                .putLong(numbers.messages())
                .putLong(numbers.bytes())
                .putLong(numbers.firstSeq())
                .putLong(numbers.lastSeq())
                .putLong(numbers.lastTimestampNs())
                .putLong(numbers.subjects());
        seal(SLOT_CRC_AT);
        to.write(buffer, (long) slot * SLOT_BYTES);
    }

    /** Adds the checksum over the first bytes of the buffer, and zeros to the end of the slot. */
    private void seal(int bytes) {
        var crc = new CRC32C();
        crc.update(buffer.slice(0, bytes));
        buffer.position(bytes).putInt((int) crc.getValue());
        while (buffer.hasRemaining()) {
            buffer.put((byte) 0);
        }
        buffer.flip();
    }

    /** A disk without room for a few bytes: the store goes on, it only knows less about its own end. */
    private void fail(IOException e) {
        if (!failed) {
            failed = true;
            log.warn("store tip cannot be written file={} error={}", file, e.toString());
        }
    }

    @Override
    public void close() {
        FileChannel open = channel;
        channel = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                log.warn("store tip cannot be closed file={} error={}", file, e.toString());
            }
        }
    }
}
