package io.leafd.store;

import io.leafd.store.engine.Engine;
import io.leafd.store.engine.Family;
import io.leafd.store.engine.Keys;
import io.leafd.store.engine.Scan;
import io.leafd.store.engine.WriteGroup;
import io.leafd.store.log.LogResources;
import io.leafd.store.log.StreamLog;
import io.leafd.store.loop.StoreException;
import io.leafd.store.loop.StoreLoop;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which streams there are. Owned by the store loop. Their configuration is opaque bytes here. */
public final class StreamRegistry {
    private static final Logger log = LoggerFactory.getLogger(StreamRegistry.class);
    private static final Family[] FAMILIES_BY_STREAM = {
        Family.MESSAGES, Family.INDEX, Family.DELETED, Family.SUBJECTS, Family.MSG_IDS, Family.CONSUMERS
    };

    /** First bytes of the keys in family metadata that a stream may have. */
    private static final byte[] KEYS_BY_STREAM = {
        StreamRecord.KEY, StreamLog.NUMBERS_KEY, StreamLog.REBUILD_KEY, StreamLog.LOST_KEY
    };

    private final Engine engine;
    private final StoreLoop loop;
    private final LogResources resources;
    private final Ids ids;
    private final Runnable onChange;
    /** By id, which is the order of creation. */
    private final Map<Long, StreamLog> streams = new TreeMap<>();

    /** @param onChange is told of every stream that was made, changed or deleted */
    StreamRegistry(Engine engine, StoreLoop loop, LogResources resources, Ids ids, Runnable onChange) {
        this.onChange = onChange;
        this.engine = engine;
        this.loop = loop;
        this.resources = resources;
        this.ids = ids;
    }

    /** All streams of all accounts, in order of creation. */
    public List<StreamLog> list() {
        return List.copyOf(streams.values());
    }

    /** How many there are. */
    int count() {
        return streams.size();
    }

    /** The stream of this name, or null. */
    public @Nullable StreamLog find(String account, String name) {
        for (StreamLog stream : streams.values()) {
            if (stream.name().equals(name) && stream.account().equals(account)) {
                return stream;
            }
        }
        return null;
    }

    /** The stream with this id, or null. */
    @Nullable
    StreamLog find(long id) {
        return streams.get(id);
    }

    /**
     * Makes an empty stream; durable with the current group.
     *
     * @throws IllegalArgumentException if there is one of this name
     */
    public StreamLog create(String account, String name, byte[] config, long createdNs) {
        if (find(account, name) != null) {
            throw new IllegalArgumentException("stream \"" + name + "\" exists in account \"" + account + "\"");
        }
        var stream = new StreamLog(resources, ids.next(), account, name, config, createdNs);
        put(stream);
        streams.put(stream.id(), stream);
        return stream;
    }

    /** Replaces the configuration bytes of a stream. */
    public void update(StreamLog stream, byte[] config) {
        stream.checkOpen();
        stream.setConfig(config);
        put(stream);
    }

    /**
     * Deletes a stream with its messages and consumers, at a cost that does not depend on their number: one range delete per
     * family, and once that is durable, whole files are dropped.
     */
    public void delete(StreamLog stream) {
        stream.checkOpen();
        stream.end();
        streams.remove(stream.id());
        WriteGroup group = engine.group();
        for (byte kind : KEYS_BY_STREAM) {
            group.key(StreamRecord.KEY_BYTES).put(kind).putLong(stream.id());
            group.delete(Family.METADATA);
        }
        deleteRanges(stream.id());
        onChange.run();
        loop.afterCommit(() -> {
            engine.sync();
            for (Family family : FAMILIES_BY_STREAM) {
                engine.dropFiles(family, Keys.of(stream.id()), Keys.of(stream.id() + 1));
            }
            deleteRanges(stream.id()); // the first ones may have been dropped with a file
        });
    }

    private void deleteRanges(long id) {
        for (Family family : FAMILIES_BY_STREAM) {
            engine.group().deleteRange(family, Keys.of(id), Keys.of(id + 1));
        }
    }

    /**
     * Takes what is on disk. Logs that are still there stay the same objects. A stream whose record is damaged is left out, and
     * left alone on disk.
     *
     * @return how many were left out
     */
    int load() {
        int leftOut = 0;
        Map<Long, StreamLog> found = new TreeMap<>();
        try (Scan scan = engine.scan(Family.METADATA)) {
            boolean valid = scan.seek(new byte[] {StreamRecord.KEY});
            while (valid && scan.key().get(0) == StreamRecord.KEY) {
                long id = scan.key().getLong(1);
                ids.atLeast(id);
                try {
                    found.put(id, known(id, StreamRecord.read(scan.body())));
                } catch (StoreException.Corrupt e) {
                    log.error("stream left out, its record is damaged id={}", id, e);
                    leftOut++;
                }
                valid = scan.next();
            }
        }
        for (StreamLog stream : streams.values()) {
            if (!found.containsKey(stream.id())) {
                stream.end(); // made in a group that was never written
            }
        }
        streams.clear();
        streams.putAll(found);
        for (StreamLog stream : found.values()) {
            stream.load();
        }
        return leftOut;
    }

    private StreamLog known(long id, StreamRecord record) {
        StreamLog present = streams.get(id);
        if (present == null) {
            return new StreamLog(resources, id, record.account(), record.name(), record.config(), record.createdNs());
        }
        present.setConfig(record.config());
        return present;
    }

    private void put(StreamLog stream) {
        var record = new StreamRecord(stream.account(), stream.name(), stream.createdNs(), stream.config());
        WriteGroup group = engine.group();
        group.key(StreamRecord.KEY_BYTES).put(StreamRecord.KEY).putLong(stream.id());
        record.write(group.value(record.bodyBytes()));
        group.put(Family.METADATA);
        onChange.run();
    }
}
