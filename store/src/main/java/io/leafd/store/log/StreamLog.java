package io.leafd.store.log;

import io.leafd.protocol.Subject;
import io.leafd.store.engine.Engine;
import io.leafd.store.engine.Family;
import io.leafd.store.loop.StoreException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The messages of one stream. Owned by the store loop, reads as well as writes.
 *
 * <p>Reads see what was staged before them in the same group. All methods throw {@link StoreException.Unavailable} while the
 * store is down and {@link StoreException.Gone} after the stream was deleted; then nothing was changed. After the store was
 * reopened the same object shows what is on disk again.
 *
 * <pre>
 *    trimmed      first                        last
 *       │  dead     │  live and deleted          │
 *   ────┴───────────┴────────────────────────────┴────▶ seq
 *    nothing on     records, not     messages; DeletedSeqs tells which
 *    disk           counted          sequences are not live
 * </pre>
 *
 * <p>What one work item stages is written in one piece, unless the item reads something that only a scan can answer after it has
 * staged something of the same stream: then what was staged so far is written first (and synced with the rest). So an item that
 * must not be torn apart by a crash does what may read first: it removes messages before it writes down that a consumer is done
 * with them.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>A sequence is live if and only if it is from first to last and not in {@link DeletedSeqs}; {@code messages} counts them.
 *   <li>First is live, or {@code last + 1} if nothing is.
 *   <li>Every live message has a message record, an index record under the id of its subject's entry, and is counted in that
 *       entry. A live sequence without a message record is damage and is reported.
 *   <li>Sequences are never given twice by one opening, and never at all once a commit that holds them succeeded.
 * </ol>
 */
public final class StreamLog {
    /** First bytes of keys in family {@code metadata}, each followed by the stream id: numbers, rebuild under way, what was lost. */
    public static final byte NUMBERS_KEY = LogNumbers.KEY;

    public static final byte REBUILD_KEY = LogRebuild.KEY;

    public static final byte LOST_KEY = LostSeqs.KEY;

    private final long id;
    private final String account;
    private final String name;
    private final long createdNs;
    private byte[] config;

    private final Engine engine;
    private final LogParts parts;
    private final LogNumbers numbers;
    private final LogSearch search;
    private final LogTrim trim;
    private final LogRemoval removal;
    private final LogPurge purge;
    private final LogRefill refill;
    private final MsgIds msgIds;
    private long generation;
    private boolean gone;

    /** The log of a registered stream; {@link #load} comes next. */
    public StreamLog(LogResources shared, long id, String account, String name, byte[] config, long createdNs) {
        this.id = id;
        this.account = account;
        this.name = name;
        this.config = config;
        this.createdNs = createdNs;
        this.engine = shared.engine();
        this.parts = LogParts.of(shared, id);
        this.numbers = parts.numbers();
        this.search = new LogSearch(parts);
        this.trim = new LogTrim(parts);
        this.removal = new LogRemoval(parts, trim);
        this.purge = new LogPurge(parts, removal, search);
        this.refill = new LogRefill(parts);
        this.msgIds = new MsgIds(shared, id);
    }

    /** Never given twice, also not after the stream was deleted. */
    public long id() {
        return id;
    }

    /** The account it belongs to. */
    public String account() {
        return account;
    }

    /** Its name, unique within the account. */
    public String name() {
        return name;
    }

    /** When it was made, nanoseconds since 1970. */
    public long createdNs() {
        return createdNs;
    }

    /** Its configuration, opaque here. */
    public byte[] config() {
        return config;
    }

    /** Numbers of the log; an allocation, so not for every message: see the accessors below. */
    public StreamState state() {
        return numbers.snapshot();
    }

    /** Live messages. */
    public long messages() {
        return numbers.messages;
    }

    /** Sum of the sizes of the live messages, see {@link StoredMessage#sizeBytes()}. */
    public long bytes() {
        return numbers.bytes;
    }

    /** Sequence of the oldest live message; {@code lastSeq + 1} if there is none. */
    public long firstSeq() {
        return numbers.firstSeq;
    }

    /** Highest sequence given so far, deleted ones included; 0 if there is none. */
    public long lastSeq() {
        return numbers.lastSeq;
    }

    /** Timestamp of the oldest live message, 0 if there is none or it is damaged. May read ahead. */
    public long firstTimestampNs() {
        checkOpen();
        MessageHead head = numbers.messages == 0 ? null : parts.oldest().first();
        return head == null ? 0 : head.timestampNs();
    }

    /**
     * Appends a message and gives it the next sequence. Reads nothing but single records: the appends of one work item that
     * does nothing else are written in one piece, and after a crash all or none are there.
     *
     * @param body header block directly followed by the payload; not kept, and its position and limit stay as they are
     * @param headerBytes length of the header block, 0 without headers
     * @param timestampNs nanoseconds since 1970; {@link #seqAtTime} relies on timestamps that do not fall
     * @param msgId what {@link #duplicateOf} shall find later; null for none
     * @return the sequence
     */
    public long append(Subject subject, ByteBuffer body, int headerBytes, long timestampNs, byte @Nullable [] msgId) {
        checkOpen();
        long seq = numbers.lastSeq + 1;
        put(new NewMessage(seq, timestampNs, subject, body, headerBytes), msgId);
        return seq;
    }

    /** {@link #append(Subject, ByteBuffer, int, long, byte[])} of a body that is an array. */
    public long append(Subject subject, byte[] body, int headerBytes, long timestampNs, byte @Nullable [] msgId) {
        return append(subject, ByteBuffer.wrap(body), headerBytes, timestampNs, msgId);
    }

    /**
     * Appends a message of a mirror with the sequence it has at its origin; skipped sequences count as deleted.
     *
     * @throws IllegalArgumentException if {@code seq} is not above {@link #lastSeq}
     */
    public void appendAt(
            long seq, Subject subject, byte[] body, int headerBytes, long timestampNs, byte @Nullable [] msgId) {
        if (seq <= numbers.lastSeq) {
            throw new IllegalArgumentException("stream \"" + name + "\": seq " + seq + " after " + numbers.lastSeq);
        }
        skipTo(seq);
        put(new NewMessage(seq, timestampNs, subject, ByteBuffer.wrap(body), headerBytes), msgId);
    }

    /**
     * Gives away sequences without messages, so that the next append gets {@code nextSeq}. On an empty log this moves the
     * first sequence as well. Nothing happens if {@code nextSeq <= lastSeq + 1}.
     */
    public void skipTo(long nextSeq) {
        checkOpen();
        if (nextSeq <= numbers.lastSeq + 1) {
            return;
        }
        if (numbers.messages == 0) {
            numbers.firstSeq = nextSeq;
        } else {
            parts.deleted().addRange(numbers.lastSeq + 1, nextSeq - 1);
        }
        numbers.lastSeq = nextSeq - 1;
        numbers.changed(engine);
    }

    private void put(NewMessage message, byte @Nullable [] msgId) {
        if (message.subject().length() > MessageRecord.SUBJECT_BYTES_MAX) {
            throw new IllegalArgumentException("subject of " + message.subject().length() + " bytes");
        }
        SubjectEntry entry = parts.subjects().findOrMake(message.subject());
        if (msgId != null) {
            msgIds.put(msgId, message.seq(), message.timestampNs());
        }
        int sizeBytes = message.sizeBytes();
        if (entry.count == 0) {
            numbers.subjects++;
        }
        entry.appended(message.seq(), sizeBytes);
        parts.subjects().changed(entry);
        parts.index().put(entry.id, message.seq(), sizeBytes);
        parts.messages().put(message);
        numbers.messages++;
        numbers.bytes += sizeBytes;
        numbers.lastSeq = message.seq();
        numbers.lastTimestampNs = message.timestampNs();
        numbers.changed(engine);
    }

    /**
     * Puts a message back that was lost, at its own sequence. Readers that have not come that far will see it.
     *
     * @return false if this sequence is not among the {@link #lost} ones: then nothing was changed
     */
    public boolean putBack(long seq, Subject subject, byte[] body, int headerBytes, long timestampNs) {
        checkOpen();
        boolean back = refill.putBack(new NewMessage(seq, timestampNs, subject, ByteBuffer.wrap(body), headerBytes));
        if (back) {
            generation++; // readers that have read ahead start anew
        }
        return back;
    }

    /**
     * Says whether there is an original somewhere, from which lost messages can be fetched. If so, what is lost from now on is
     * remembered until it is put back or settled; else it is only reported. Durable.
     */
    public void awaitLost(boolean hasOriginal) {
        checkOpen();
        parts.lost().await(hasOriginal);
    }

    /** The sequences that were lost and can be put back, in rising order; what can only be reported is not among them. */
    public List<DamagedRange> lost() {
        return parts.lost().list();
    }

    /** The first of the {@link #lost} sequences at or after {@code seq}, 0 if there is none. */
    public long nextLost(long seq) {
        return parts.lost().next(seq);
    }

    /**
     * Of these sequences those that are lost are not waited for any more, since there is nothing to put back: they are deleted.
     *
     * @return how many that were
     */
    public long settleLost(long fromSeq, long toSeq) {
        checkOpen();
        return parts.lost().settle(fromSeq, toSeq);
    }

    /** What is lost of these sequences is not put back, although there is an original: it stays reported until the process ends. */
    public void giveUpLost(long fromSeq, long toSeq) {
        checkOpen();
        parts.lost().giveUp(fromSeq, toSeq);
    }

    /** The message at exactly this sequence, or its damage; null if there is none (never was, deleted). */
    public @Nullable LogEntry get(long seq) {
        checkOpen();
        return parts.isLive(seq) ? parts.messages().get(seq) : null;
    }

    /** The first match at or after {@code fromSeq}; null if there is none. For one look-up; to read on, use a reader. */
    public @Nullable LogEntry next(long fromSeq, LogFilter filter) {
        checkOpen();
        return search.next(fromSeq, filter);
    }

    /** The last match; null if there is none. Costs the number of matching subjects. */
    public @Nullable LogEntry last(LogFilter filter) {
        checkOpen();
        return search.last(filter);
    }

    /** Reads matches from {@code fromSeq} on, in chunks. */
    public LogReader reader(long fromSeq, LogFilter filter) {
        checkOpen();
        return new LogReader(this, fromSeq, filter);
    }

    /** Sequence of the last message of a literal subject, 0 if there is none. One look-up, usually in memory. */
    public long lastSeq(Subject subject) {
        checkOpen();
        SubjectEntry entry = parts.subjects().find(subject);
        return entry == null ? 0 : entry.lastSeq;
    }

    /** Sequence of the oldest message of a literal subject, 0 if there is none. */
    public long firstSeq(Subject subject) {
        checkOpen();
        SubjectEntry entry = parts.subjects().find(subject);
        return entry == null ? 0 : parts.oldestOf(entry).seq();
    }

    /** Live messages of a literal subject. One look-up, usually in memory. */
    public long messages(Subject subject) {
        checkOpen();
        SubjectEntry entry = parts.subjects().find(subject);
        return entry == null ? 0 : entry.count;
    }

    /** Shows all subjects that match, in byte order, with their counts. Costs the number of subjects under the literal prefix. */
    public void subjects(LogFilter filter, SubjectVisitor visitor) {
        checkOpen();
        parts.subjects().forEach(filter, entry -> visitor.subject(entry.subject, entry.count, entry.lastSeq));
    }

    /**
     * Exact number of matches at or after {@code fromSeq}. Without filter: one look per 1024 sequences, and only if some are
     * deleted. With one: the matching subjects, and the index of those that lie on both sides of {@code fromSeq}.
     */
    public long countFrom(long fromSeq, LogFilter filter) {
        checkOpen();
        return search.countFrom(fromSeq, filter);
    }

    /**
     * Sequences of the last message of each matching subject, looking only at sequences up to {@code upToSeq}; ascending.
     *
     * @param max most subjects wanted
     * @return at most {@code max + 1} entries: one more than {@code max} says that there are too many
     */
    public long[] lastPerSubject(LogFilter filter, long upToSeq, int max) {
        checkOpen();
        return search.lastPerSubject(filter, upToSeq, max);
    }

    /** First live sequence with a timestamp at or after this; {@code lastSeq + 1} if there is none. */
    public long seqAtTime(long timestampNs) {
        checkOpen();
        return search.seqAtTime(timestampNs);
    }

    /** Shows the deleted sequences between first and last as ranges. */
    public void deletedRanges(RangeVisitor visitor) {
        checkOpen();
        parts.deleted().forEachRange(numbers.firstSeq, numbers.lastSeq, visitor);
    }

    /**
     * The sequence that was stored with this message id within the window before {@code nowNs}, or 0. Durable: survives
     * restarts; ids of removed messages still count until they leave the window.
     */
    public long duplicateOf(byte[] msgId, long windowNs, long nowNs) {
        checkOpen();
        return msgIds.find(msgId, windowNs, nowNs);
    }

    /** For tests: slices of time that message ids are filed in. */
    public int messageIdSlices() {
        return msgIds.slices();
    }

    /** Removes one message, or the wish to have a lost one back; false if there is neither at this sequence. */
    public boolean delete(long seq, RemovalVisitor visitor) {
        checkOpen();
        if (seq == numbers.firstSeq && numbers.messages > 0) {
            removal.removeFirst(visitor); // read ahead: deletions mostly go in order
            return true;
        }
        LogEntry entry = get(seq);
        switch (entry) {
            case null -> {
                return parts.lost().settle(seq, seq) > 0;
            }
            case StoredMessage m ->
                removal.remove(new MessageHead(seq, m.timestampNs(), m.subject(), m.sizeBytes()), visitor);
            case DamagedRange damage -> removal.remove(removal.damagedHead(seq), visitor);
        }
        return true;
    }

    /** Removes the oldest message; its sequence, or 0 if there is none. What limits call, one message at a time. */
    public long removeFirst(RemovalVisitor visitor) {
        checkOpen();
        if (numbers.messages == 0) {
            return 0;
        }
        long seq = numbers.firstSeq;
        parts.lost().settle(1, seq); // what is older would have gone before
        removal.removeFirst(visitor);
        return seq;
    }

    /**
     * Removes the oldest message of a literal subject; its sequence, or 0 if there is none. What limits per subject call;
     * for the last two messages of a subject it reads nothing.
     */
    public long removeFirst(Subject subject, RemovalVisitor visitor) {
        checkOpen();
        SubjectEntry entry = parts.subjects().find(subject);
        if (entry == null) {
            return 0;
        }
        SubjectIndex.Found oldest = parts.oldestOf(entry);
        removal.remove(new MessageHead(oldest.seq(), 0, subject, oldest.sizeBytes()), visitor);
        return oldest.seq();
    }

    /**
     * Purges at most {@code max} messages, oldest first.
     *
     * <p>Bounded so that a purge of millions does not keep the loop from everybody else: the caller comes again while the
     * answer equals {@code max} (the arguments may stay the same). A purge of everything with {@link RemovalVisitor#NONE} is
     * done at once whatever its size. A crash in the middle leaves it half done, never half of one message.
     *
     * @return how many were removed
     */
    public long purge(Purge what, long max, RemovalVisitor visitor) {
        checkOpen();
        long removed = purge.purge(what, max, visitor);
        if (!parts.lost().isEmpty()) {
            forgo(what, removed);
        }
        return removed;
    }

    /** What a purge covers does not come back. Of which subject a lost message was is not known: so one by subject ends the wait for all. */
    private void forgo(Purge what, long removed) {
        if (!what.filter().all()) {
            parts.lost().giveUp(1, what.belowSeq() - 1);
        } else if (what.keep() <= 0) {
            parts.lost().settle(1, what.belowSeq() - 1);
        } else if (removed > 0) {
            parts.lost().settle(1, numbers.firstSeq);
        }
    }

    /** Whether these bytes have the shape of a message's record. */
    public static boolean isMessage(byte[] body) {
        return MessageRecord.isShaped(ByteBuffer.wrap(body));
    }

    /** Whether the stream was deleted. */
    public boolean isGone() {
        return gone;
    }

    /** Replaces the configuration bytes in memory; the registry writes them. */
    public void setConfig(byte[] config) {
        this.config = config;
    }

    /** Takes what is on disk: at the opening, and after the store was reopened. */
    public void load() {
        ByteBuffer key = parts.shared()
                .lookupKey(LogNumbers.KEY_BYTES)
                .put(LogNumbers.KEY)
                .putLong(id)
                .flip();
        boolean sound = true;
        try {
            numbers.read(engine.body(Family.METADATA, key));
        } catch (StoreException.Corrupt e) {
            numbers.read(null);
            numbers.hasRuns = true; // perhaps: costs a look, nothing else
            sound = false;
        }
        parts.subjects().forget();
        parts.deleted().forget();
        parts.messages().tail().clear();
        parts.oldest().clear();
        parts.lost().load();
        msgIds.forget();
        trim.reset();
        generation++;
        if (!sound || LogRebuild.wasCutOff(engine, id)) {
            rebuild();
        } else if (numbers.hasGaps()) {
            numbers.firstSeq = parts.deleted().nextLive(numbers.firstSeq); // a crash may have come between the two
        }
    }

    /** Frees what disk space it can of messages that are gone. For a store that is full. */
    public void reclaim() {
        checkOpen();
        trim.again();
    }

    /**
     * Derives numbers, subject entries and index from the messages anew, after damage. Keeps the loop busy for about a second per
     * million messages. Readers start anew.
     */
    public void rebuild() {
        checkOpen();
        new LogRebuild(parts).run();
        generation++;
    }

    /** {@link #rebuild()} with numbers that are known to have been durable: what lies before their first sequence stays dead. */
    public void rebuild(StreamState known) {
        checkOpen();
        numbers.atLeast(known);
        rebuild();
    }

    /** Reports sequences that were given away, and whose messages are lost without a record. */
    public DamagedRange lost(long fromSeq, long toSeq, String reason) {
        return parts.shared().damage().met(id, new DamagedRange(fromSeq, toSeq, reason));
    }

    /** Ends the log: nothing of it is written any more. The registry removes what is on disk. */
    public void end() {
        gone = true;
        numbers.discard();
        parts.lost().discard();
        parts.subjects().forget();
        parts.deleted().forget();
        parts.messages().tail().clear();
        trim.end();
    }

    /** Throws if the stream was deleted or the store is down. */
    public void checkOpen() {
        assert parts.shared().loop().inLoop() : "a log belongs to the store loop";
        if (gone) {
            throw new StoreException.Gone("stream \"" + name + "\" was deleted");
        }
        engine.checkUp();
    }

    LogParts parts() {
        return parts;
    }

    LogSearch search() {
        return search;
    }

    /** Counts removals: who read ahead looks whether this moved. */
    long removals() {
        return removal.removals();
    }

    /** Counts loads: who read ahead starts anew when this moved. */
    long generation() {
        return generation;
    }

    @Override
    public String toString() {
        return "stream \"" + name + "\" of account \"" + account + "\"";
    }
}
