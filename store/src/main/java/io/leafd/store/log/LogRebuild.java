package io.leafd.store.log;

import io.leafd.store.engine.Engine;
import io.leafd.store.engine.Family;
import io.leafd.store.engine.Keys;
import io.leafd.store.engine.Scan;
import io.leafd.store.engine.WriteGroup;
import io.leafd.store.loop.StoreException;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes everything that can be derived from a log's messages anew: numbers, subject entries, index. Owned by the store loop.
 *
 * <p>Needed when a derived record is damaged, or when part of the write-ahead log was lost, so that messages and what was derived
 * from them no longer agree. What is known for sure stays: messages as they are on disk (damaged ones too: they are kept and
 * counted), and which sequences were deleted. A live sequence without a record is noted as lost ({@link LostSeqs}) and becomes deleted.
 *
 * <p>Takes about a second per million messages, during which the loop does nothing else. A marker in the metadata (key {@code 'B'},
 * stream id) makes the next opening begin again if this one is cut off.
 */
final class LogRebuild {
    static final byte KEY = 'B';
    static final int KEY_BYTES = 9;
    private static final Logger log = LoggerFactory.getLogger(LogRebuild.class);
    private static final int STEP = 1000;

    private final LogParts parts;
    private final LogNumbers numbers;
    private final Engine engine;

    LogRebuild(LogParts parts) {
        this.parts = parts;
        this.numbers = parts.numbers();
        this.engine = parts.shared().engine();
    }

    /** Whether a rebuild of this stream was cut off. */
    static boolean wasCutOff(Engine engine, long streamId) {
        return engine.body(
                        Family.METADATA,
                        markerKey(ByteBuffer.allocateDirect(KEY_BYTES), streamId)
                                .flip())
                != null;
    }

    void run() {
        mark();
        clearDerived();
        bounds();
        LogNumbers before = numbers.copy();
        numbers.messages = 0;
        numbers.bytes = 0;
        numbers.subjects = 0;
        long lost = recount(before);
        unmark();
        numbers.changed(engine);
        engine.readThrough();
        log.warn(
                "stream rebuilt id={} messages={} messages_before={} lost={}",
                parts.streamId(),
                numbers.messages,
                before.messages,
                lost);
    }

    private void clearDerived() {
        parts.subjects().clear();
        parts.index().clear();
        parts.deleted().forget();
        parts.messages().tail().clear();
        parts.oldest().clear();
        engine.readThrough();
    }

    /** Takes in what lies outside the known bounds: messages of a write whose numbers were lost. */
    private void bounds() {
        try (Scan scan = engine.scan(Family.MESSAGES)) {
            if (numbers.lastSeq == 0 && scan.seek(Keys.of(parts.streamId())) && isOfStream(scan)) {
                numbers.firstSeq = scan.key().getLong(8);
                numbers.lastSeq = numbers.firstSeq;
                numbers.hasRuns = true; // perhaps: costs a look, nothing else
            }
            ByteBuffer end = parts.shared()
                    .lookupKey(16)
                    .putLong(parts.streamId())
                    .putLong(Long.MAX_VALUE)
                    .flip();
            if (scan.seekForPrev(end) && isOfStream(scan)) {
                numbers.lastSeq = Math.max(numbers.lastSeq, scan.key().getLong(8));
            }
        } catch (StoreException.Corrupt e) {
            log.error("stream's end cannot be read, its last known sequence stays id={}", parts.streamId(), e);
        }
    }

    private boolean isOfStream(Scan scan) {
        return scan.key().getLong(0) == parts.streamId();
    }

    private long recount(LogNumbers before) {
        long lost = 0;
        long steps = 0;
        long firstLive = 0;
        numbers.recounting = true;
        try (MessageScan scan = parts.scan(before.firstSeq, before.lastSeq, LogFilter.ALL)) {
            while (scan.advance()) {
                DamagedRange damage = scan.damage();
                if (damage == null) {
                    count(scan.head());
                } else if (damage.reason().equals(DamagedRange.MISSING)) {
                    parts.deleted().addRange(damage.firstSeq(), damage.lastSeq());
                    parts.lost().add(damage.firstSeq(), damage.lastSeq());
                    lost += damage.lastSeq() - damage.firstSeq() + 1;
                } else {
                    long deleted = parts.deleted().count(damage.firstSeq(), damage.lastSeq());
                    numbers.messages += damage.lastSeq() - damage.firstSeq() + 1 - deleted;
                }
                boolean live = damage == null || !damage.reason().equals(DamagedRange.MISSING);
                if (live && firstLive == 0) {
                    firstLive = scan.seq();
                }
                if (++steps % STEP == 0) {
                    engine.readThrough();
                }
            }
        } finally {
            numbers.recounting = false;
        }
        numbers.firstSeq = firstLive == 0 ? before.lastSeq + 1 : firstLive;
        return lost;
    }

    private void count(MessageHead head) {
        SubjectEntry entry = parts.subjects().findOrMake(head.subject());
        if (entry.count == 0) {
            numbers.subjects++;
        }
        entry.appended(head.seq(), head.sizeBytes());
        parts.subjects().changed(entry);
        parts.index().put(entry.id, head.seq(), head.sizeBytes());
        numbers.messages++;
        numbers.bytes += head.sizeBytes();
        numbers.lastTimestampNs = Math.max(numbers.lastTimestampNs, head.timestampNs());
    }

    private void mark() {
        WriteGroup group = engine.group();
        markerKey(group.key(KEY_BYTES), parts.streamId());
        group.value(0);
        group.put(Family.METADATA);
    }

    private void unmark() {
        WriteGroup group = engine.group();
        markerKey(group.key(KEY_BYTES), parts.streamId());
        group.delete(Family.METADATA);
    }

    private static ByteBuffer markerKey(ByteBuffer key, long streamId) {
        return key.put(KEY).putLong(streamId);
    }
}
