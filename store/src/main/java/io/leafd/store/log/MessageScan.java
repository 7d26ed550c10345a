package io.leafd.store.log;

import io.leafd.store.engine.Family;
import io.leafd.store.engine.Scan;
import io.leafd.store.loop.StoreException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Walks over the live messages of one log on disk, and over what is wrong with them. Owned by the store loop; short-lived, sees
 * what was written before it was made.
 *
 * <pre>
 *   expected live sequences (DeletedSeqs):   5  6  7        10 11 12
 *   records found on disk:                   5  6  7  8(dead)  11 12      → 10 is lost
 * </pre>
 *
 * Damage takes three forms, all shown as {@link DamagedRange}: a record with a bad checksum (that sequence), a place RocksDB
 * cannot read (all sequences that cannot be reached because of it, found by bisection), and a live sequence without a record.
 */
final class MessageScan implements AutoCloseable {
    /** Up to this distance the next record is walked to, beyond it is sought. */
    private static final int NEAR = 8;

    private final LogResources shared;
    private final MessageTable table;
    private final DeletedSeqs deleted;
    private final long toSeq;
    private final LogFilter filter;
    private final Scan scan;

    /** The live sequence to be looked at next. */
    private long expected;
    /** Whether {@link #scan} stands on a record at or behind {@link #expected}, or at the end. */
    private boolean positioned;

    /** Whether the scan stands on any record of the log; meaningful while positioned or {@link #consumed}. */
    private boolean valid;
    /** Whether the scan stands on the record of {@link #seq}, which was shown. */
    private boolean consumed;

    private @Nullable ByteBuffer body;
    private @Nullable DamagedRange damage;
    private long seq;
    private long examined;
    private long examinedMax = Long.MAX_VALUE;

    /** A walk over live messages from {@code fromSeq}, at least the first, to {@code toSeq}, at most the last. */
    MessageScan(
            LogResources shared, MessageTable table, DeletedSeqs deleted, long fromSeq, long toSeq, LogFilter filter) {
        this.shared = shared;
        this.table = table;
        this.deleted = deleted;
        this.toSeq = toSeq;
        this.filter = filter;
        table.readThrough();
        this.expected = deleted.nextLive(fromSeq);
        this.scan = shared.engine().scan(Family.MESSAGES);
    }

    /** Has {@link #advance} give up after looking at this many live messages. */
    MessageScan within(long examinedMax) {
        this.examinedMax = examinedMax;
        return this;
    }

    /** Goes to the next match or damage; false at the end, or when it gave up. */
    boolean advance() {
        while (expected <= toSeq && examined < examinedMax) {
            damage = null;
            examined++;
            if (!step()) {
                return true;
            }
            long found = valid ? foundSeq() : Long.MAX_VALUE;
            if (found > expected) {
                missing(found);
                return true;
            }
            ByteBuffer raw = scan.raw();
            body = raw;
            seq = expected;
            expected = deleted.nextLive(expected + 1);
            positioned = false;
            consumed = true;
            String problem = scan.problem();
            if (problem != null) {
                damage = shared.damage().met(table.streamId(), new DamagedRange(seq, seq, problem));
                return true;
            }
            if (table.matches(raw, filter)) {
                return true;
            }
        }
        return false;
    }

    /** Sequence of the match, or first sequence of the damage. */
    long seq() {
        return damage == null ? seq : damage.firstSeq();
    }

    /** Lowest sequence not looked at yet. */
    long position() {
        return expected;
    }

    /** The match or the damage. */
    LogEntry entry() {
        return damage == null ? table.decode(seq, body()) : damage;
    }

    /** The damage, null on a match. */
    @Nullable
    DamagedRange damage() {
        return damage;
    }

    /** The match without its body. */
    MessageHead head() {
        return MessageRecord.readHead(seq, body());
    }

    private ByteBuffer body() {
        ByteBuffer present = body;
        if (present == null) {
            throw new IllegalStateException("no message at hand");
        }
        return present;
    }

    /** Moves the scan to the expected sequence; false if that place cannot be read: then the damage is set. */
    private boolean step() {
        if (positioned) {
            return true;
        }
        try {
            valid = (consumed && expected - seq <= NEAR) ? scan.next() : scan.seek(target(expected));
            while (valid && streamOf() && scan.key().getLong(8) < expected) {
                valid = scan.next(); // dead records
            }
            valid = valid && streamOf();
            positioned = true;
            consumed = false;
            return true;
        } catch (StoreException.Corrupt e) {
            long behind = firstReadable();
            unreadable(behind, e);
            return false;
        }
    }

    /** Smallest sequence above {@link #expected} at which the scan can stand, {@code toSeq + 1} if there is none. */
    private long firstReadable() {
        long low = expected; // not readable
        long step = 1;
        long high = expected + 1;
        while (high <= toSeq && !readable(high)) {
            low = high;
            step *= 2;
            high = Math.min(toSeq + 1, low + step);
        }
        while (high - low > 1) {
            long middle = low + (high - low) / 2;
            if (readable(middle)) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return high;
    }

    private boolean readable(long at) {
        try {
            scan.seek(target(at));
            return true;
        } catch (StoreException.Corrupt e) {
            return false;
        }
    }

    private void unreadable(long behind, StoreException.Corrupt cause) {
        damage = shared.damage()
                .met(table.streamId(), new DamagedRange(expected, behind - 1, String.valueOf(cause.getMessage())));
        expected = deleted.nextLive(behind);
        positioned = false;
        consumed = false;
    }

    /** The live sequences from {@link #expected} to before {@code found} have no record: shows the first stretch of them. */
    private void missing(long found) {
        long last = expected;
        while (last + 1 < found && last + 1 <= toSeq && deleted.nextLive(last + 1) == last + 1) {
            last++;
        }
        damage = shared.damage().met(table.streamId(), new DamagedRange(expected, last, DamagedRange.MISSING));
        expected = deleted.nextLive(last + 1);
        // The scan still stands on the record found, which may well be the one expected now.
        positioned = valid && expected <= found;
    }

    private boolean streamOf() {
        return scan.key().getLong(0) == table.streamId();
    }

    private long foundSeq() {
        return scan.key().getLong(8);
    }

    private ByteBuffer target(long at) {
        return shared.lookupKey(16).putLong(table.streamId()).putLong(at).flip();
    }

    @Override
    public void close() {
        scan.close();
    }
}
