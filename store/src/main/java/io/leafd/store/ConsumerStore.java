package io.leafd.store;

import io.leafd.store.engine.Engine;
import io.leafd.store.engine.Family;
import io.leafd.store.engine.Scan;
import io.leafd.store.engine.Staged;
import io.leafd.store.engine.WriteGroup;
import io.leafd.store.log.StreamLog;
import io.leafd.store.loop.StoreException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What one consumer keeps on disk. Owned by the store loop. Configuration, state and entries are opaque here; arrays are kept,
 * not copied.
 *
 * <p>Family {@code consumers}: key = stream id (8), kind (1), consumer id (8), and for pending entries the stream sequence (8).
 * Kind 0: body = created ns (8), length of the name (2), name, configuration. Kind 1: body = state. Kind 2: body = entry.
 *
 * <p>State and pending entries are soft: written with the group they belong to, and durable with the next synced one or 100 ms later.
 * A crash may take back the last of them, and then messages are delivered again; it never takes back one and leaves a later one.
 *
 * <p>After the store was reopened, or the stream or the consumer was deleted, all methods that write throw {@link
 * StoreException.Gone}: {@link ConsumerRegistry#list} gives new objects.
 */
public final class ConsumerStore implements Staged {
    static final byte CONFIG = 0;
    static final byte STATE = 1;
    static final byte PENDING = 2;
    private static final int KEY_BYTES = 17;
    private static final int PENDING_KEY_BYTES = 25;

    private final Engine engine;
    private final Runnable onChange;
    private final StreamLog stream;
    private final long id;
    private final String name;
    private final long createdNs;
    private final long opening;
    private byte[] config;
    private byte[] state = {};
    private boolean waiting;
    private boolean deleted;

    ConsumerStore(
            Engine engine, StreamLog stream, long id, String name, long createdNs, byte[] config, Runnable onChange) {
        this.engine = engine;
        this.onChange = onChange;
        this.stream = stream;
        this.id = id;
        this.name = name;
        this.createdNs = createdNs;
        this.config = config;
        this.opening = engine.openings();
    }

    static ConsumerStore read(Engine engine, StreamLog stream, long id, ByteBuffer body, Runnable onChange) {
        long createdNs = body.getLong();
        byte[] name = new byte[body.getShort() & 0xffff];
        body.get(name);
        byte[] config = new byte[body.remaining()];
        body.get(config);
        return new ConsumerStore(
                engine, stream, id, new String(name, StandardCharsets.UTF_8), createdNs, config, onChange);
    }

    void loadState() {
        ByteBuffer key = ByteBuffer.allocateDirect(KEY_BYTES);
        ByteBuffer body = engine.body(Family.CONSUMERS, key(key, STATE).flip());
        if (body != null) {
            state = bytes(body);
        }
    }

    void putConfig() {
        byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
        WriteGroup group = engine.group();
        key(group.key(KEY_BYTES), CONFIG);
        group.value(10 + nameBytes.length + config.length)
                .putLong(createdNs)
                .putShort((short) nameBytes.length)
                .put(nameBytes)
                .put(config);
        group.put(Family.CONSUMERS);
        onChange.run();
    }

    /** The consumer's name. */
    public String name() {
        return name;
    }

    /** When it was made, nanoseconds since 1970. */
    public long createdNs() {
        return createdNs;
    }

    /** Its configuration as last written. */
    public byte[] config() {
        return config;
    }

    /** Replaces the configuration. */
    public void updateConfig(byte[] config) {
        checkOpen();
        this.config = config;
        putConfig();
    }

    /** Its state record as last written; empty if none was. */
    public byte[] state() {
        return state;
    }

    /** Replaces the state record. Cheap to call often: it is written once per group. */
    public void putState(byte[] state) {
        checkOpen();
        this.state = state;
        if (!waiting) {
            waiting = true;
            engine.group().later(this);
        }
    }

    /** Notes a delivered, unacknowledged message; replaces what was noted for this sequence. */
    public void putPending(long streamSeq, byte[] entry) {
        checkOpen();
        WriteGroup group = engine.group();
        key(group.key(PENDING_KEY_BYTES), PENDING).putLong(streamSeq);
        group.value(entry.length).put(entry);
        group.putSoftly(Family.CONSUMERS);
    }

    /** Forgets a pending entry, if there is one. */
    public void removePending(long streamSeq) {
        checkOpen();
        WriteGroup group = engine.group();
        key(group.key(PENDING_KEY_BYTES), PENDING).putLong(streamSeq);
        group.deleteSoftly(Family.CONSUMERS);
    }

    /** Forgets all pending entries. */
    public void clearPending() {
        checkOpen();
        engine.group().deleteRange(Family.CONSUMERS, pendingKey(id), pendingKey(id + 1));
    }

    /** Shows all pending entries in order of sequence. Reads them from disk: for start-up and reopening. */
    public void forEachPending(PendingVisitor visitor) {
        checkOpen();
        engine.readThrough();
        try (Scan scan = engine.scan(Family.CONSUMERS)) {
            boolean valid = scan.seek(pendingKey(id));
            while (valid && isKind(scan.key(), stream.id(), PENDING) && idOf(scan.key()) == id) {
                visitor.pending(scan.key().getLong(KEY_BYTES), bytes(scan.body()));
                valid = scan.next();
            }
        }
    }

    /** Deletes the consumer and everything it kept. */
    public void delete() {
        checkOpen();
        deleted = true;
        onChange.run();
        WriteGroup group = engine.group();
        key(group.key(KEY_BYTES), CONFIG);
        group.delete(Family.CONSUMERS);
        key(group.key(KEY_BYTES), STATE);
        group.delete(Family.CONSUMERS);
        group.deleteRange(Family.CONSUMERS, pendingKey(id), pendingKey(id + 1));
    }

    @Override
    public void stage(WriteGroup group) {
        if (deleted || stream.isGone()) {
            return;
        }
        key(group.key(KEY_BYTES), STATE);
        group.value(state.length).put(state);
        group.putSoftly(Family.CONSUMERS);
    }

    @Override
    public void written() {
        waiting = false;
    }

    static byte[] prefix(long streamId, byte kind) {
        return ByteBuffer.allocate(9).putLong(streamId).put(kind).array();
    }

    static boolean isKind(ByteBuffer key, long streamId, byte kind) {
        return key.getLong(0) == streamId && key.get(8) == kind;
    }

    static long idOf(ByteBuffer key) {
        return key.getLong(9);
    }

    private void checkOpen() {
        stream.checkOpen();
        if (deleted || opening != engine.openings()) {
            throw new StoreException.Gone("consumer \"" + name + "\" was deleted, or the store was reopened");
        }
    }

    private ByteBuffer key(ByteBuffer key, byte kind) {
        return key.putLong(stream.id()).put(kind).putLong(id);
    }

    private byte[] pendingKey(long consumerId) {
        return ByteBuffer.allocate(KEY_BYTES)
                .putLong(stream.id())
                .put(PENDING)
                .putLong(consumerId)
                .array();
    }

    private static byte[] bytes(ByteBuffer body) {
        byte[] bytes = new byte[body.remaining()];
        body.get(bytes);
        return bytes;
    }

    /** Is shown pending entries. */
    @FunctionalInterface
    public interface PendingVisitor {
        /** One entry; must not change the consumer. */
        void pending(long streamSeq, byte[] entry);
    }
}
