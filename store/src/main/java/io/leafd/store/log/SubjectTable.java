package io.leafd.store.log;

import io.leafd.protocol.Subject;
import io.leafd.protocol.SubjectFilter;
import io.leafd.store.engine.Engine;
import io.leafd.store.engine.Family;
import io.leafd.store.engine.Keys;
import io.leafd.store.engine.Scan;
import io.leafd.store.engine.Staged;
import io.leafd.store.engine.WriteGroup;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The subjects of one log, in RocksDB with a bounded cache in front that all logs share. Owned by the store loop.
 *
 * <p>There is deliberately no map of all subjects in memory: a million subjects cost a million small records on disk and what
 * fits in the cache. An append to a subject that is not in the cache costs one look-up, which a bloom filter answers for a
 * subject that does not exist.
 *
 * <p>Changed entries are pinned in the cache until they are written, once per group; so a look-up here never needs the group
 * to be written first. Only {@link #forEach} does.
 */
final class SubjectTable implements Staged {
    private final LogResources shared;
    private final Engine engine;
    private final long streamId;
    private final LogNumbers numbers;
    /** Cached entries count only while their epoch is this one: clearing the table forgets them all at once. */
    private long epoch;
    /** All entries on disk are to be removed by the next write: whatever is not in the cache does not exist. */
    private boolean clearing;

    SubjectTable(LogResources shared, long streamId, LogNumbers numbers) {
        this.numbers = numbers;
        this.shared = shared;
        this.engine = shared.engine();
        this.streamId = streamId;
        this.epoch = shared.nextEpoch();
    }

    /** The entry of a literal subject with at least one message, or null. */
    @Nullable
    SubjectEntry find(Subject subject) {
        SubjectEntry entry = lookUp(subject);
        return entry == null || entry.count == 0 ? null : entry;
    }

    /** The entry of a literal subject, made if missing; without messages its count is 0. */
    SubjectEntry findOrMake(Subject subject) {
        SubjectEntry entry = lookUp(subject);
        if (entry == null) {
            entry = new SubjectEntry(this, epoch, subject);
            shared.subjects().add(entry);
        }
        return entry;
    }

    /** Has the entry written with the group. */
    void changed(SubjectEntry entry) {
        if (!entry.pinned()) {
            entry.pin(true);
            engine.group().later(entry);
        }
    }

    /**
     * Shows matching entries in byte order, those of several filters each once. The entries shown are copies of what is on
     * disk: to change one, look it up.
     */
    void forEach(LogFilter filter, EntryVisitor visitor) {
        forEach(filter, Long.MAX_VALUE, visitor);
    }

    /** {@link #forEach(LogFilter, EntryVisitor)}, but gives up and answers false after looking at this many entries. */
    boolean forEach(LogFilter filter, long examinedMax, EntryVisitor visitor) {
        numbers.readThrough(engine);
        Subject literal = filter.literal();
        if (literal != null) {
            SubjectEntry entry = find(literal);
            if (entry != null) {
                visitor.entry(entry);
            }
            return true;
        }
        byte[] prefix = commonPrefix(filter.parts());
        try (Scan scan = engine.scan(Family.SUBJECTS)) {
            byte[] from = ByteBuffer.allocate(8 + prefix.length)
                    .putLong(streamId)
                    .put(prefix)
                    .array();
            boolean more = scan.seek(from);
            long examined = 0;
            while (more && scan.key().getLong(0) == streamId) {
                Subject subject = subjectOf(scan.key());
                if (!hasPrefix(subject, prefix)) {
                    return true;
                }
                if (examined++ == examinedMax) {
                    return false;
                }
                if (filter.matches(subject) && !visitor.entry(read(subject, scan.body()))) {
                    return true;
                }
                more = scan.next();
            }
        }
        return true;
    }

    /** Has all entries removed with the group; entries made afterwards stay. */
    void clear() {
        epoch = shared.nextEpoch();
        clearing = true;
        engine.group().later(this);
    }

    /** Forgets what the cache knows, for a reopened store. */
    void forget() {
        epoch = shared.nextEpoch();
        clearing = false;
    }

    /** Called before the entries made after {@link #clear}: requests are served in order. */
    @Override
    public void stage(WriteGroup group) {
        group.deleteRange(Family.SUBJECTS, Keys.of(streamId), Keys.of(streamId + 1));
    }

    @Override
    public void written() {
        clearing = false;
    }

    boolean current(SubjectEntry entry) {
        return entry.epoch == epoch;
    }

    void putKey(WriteGroup group, Subject subject) {
        group.key(8 + subject.length()).putLong(streamId).put(subject.bytes());
    }

    void written(SubjectEntry entry) {
        if (entry.count == 0 || !current(entry)) {
            shared.subjects().remove(entry);
        }
        shared.subjects().trim();
    }

    static Subject subjectOf(ByteBuffer key) {
        byte[] bytes = new byte[key.limit() - 8];
        key.get(8, bytes);
        return Subject.copyOf(bytes, 0, bytes.length);
    }

    private @Nullable SubjectEntry lookUp(Subject subject) {
        int hash = SubjectEntry.hash(epoch, subject);
        for (SubjectEntry entry = shared.subjects().bucket(hash); entry != null; entry = entry.chain()) {
            if (entry.hash() == hash && entry.epoch == epoch && entry.subject.equals(subject)) {
                shared.subjects().used(entry);
                return entry;
            }
        }
        if (clearing) {
            return null;
        }
        ByteBuffer key = shared.lookupKey(8 + subject.length())
                .putLong(streamId)
                .put(subject.bytes())
                .flip();
        ByteBuffer body = engine.body(Family.SUBJECTS, key);
        if (body == null) {
            return null;
        }
        SubjectEntry entry = read(subject, body);
        shared.subjects().add(entry);
        return entry;
    }

    private SubjectEntry read(Subject subject, ByteBuffer body) {
        var entry = new SubjectEntry(this, epoch, subject);
        entry.read(body);
        return entry;
    }

    private static boolean hasPrefix(Subject subject, byte[] prefix) {
        byte[] bytes = subject.bytes();
        return bytes.length >= prefix.length && Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
    }

    /** What every subject that one of the filters matches begins with. */
    private static byte[] commonPrefix(List<SubjectFilter> filters) {
        if (filters.isEmpty()) {
            return new byte[0];
        }
        byte[] common = filters.getFirst().literalPrefix().bytes();
        for (SubjectFilter filter : filters) {
            byte[] prefix = filter.literalPrefix().bytes();
            int same = Arrays.mismatch(common, prefix);
            common = same < 0 ? common : Arrays.copyOf(common, same);
        }
        return common;
    }

    /** Is shown entries. */
    interface EntryVisitor {
        /** Answers whether to go on. */
        boolean entry(SubjectEntry entry);
    }
}
