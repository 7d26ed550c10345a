package io.leafd.store;

import io.leafd.store.engine.Engine;
import io.leafd.store.engine.Family;
import io.leafd.store.engine.Scan;
import io.leafd.store.log.StreamLog;
import io.leafd.store.loop.StoreException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which durable consumers there are. Owned by the store loop. */
public final class ConsumerRegistry {
    private static final Logger log = LoggerFactory.getLogger(ConsumerRegistry.class);

    private final Engine engine;
    private final Ids ids;
    private final Runnable onChange;

    /** @param onChange is told of every consumer that was made, changed or deleted */
    ConsumerRegistry(Engine engine, Ids ids, Runnable onChange) {
        this.engine = engine;
        this.ids = ids;
        this.onChange = onChange;
    }

    /**
     * The consumers of a stream, in order of creation, as they are on disk. Makes new objects: call it once per opening of the
     * store, for older objects of the same consumers would not see what these write.
     */
    public List<ConsumerStore> list(StreamLog stream) {
        stream.checkOpen();
        engine.readThrough();
        var consumers = new ArrayList<ConsumerStore>();
        try (Scan scan = engine.scan(Family.CONSUMERS)) {
            boolean valid = scan.seek(ConsumerStore.prefix(stream.id(), ConsumerStore.CONFIG));
            while (valid && ConsumerStore.isKind(scan.key(), stream.id(), ConsumerStore.CONFIG)) {
                long id = ConsumerStore.idOf(scan.key());
                try {
                    consumers.add(ConsumerStore.read(engine, stream, id, scan.body(), onChange));
                } catch (StoreException.Corrupt e) {
                    log.error("consumer left out, its record is damaged stream={} id={}", stream, id, e);
                }
                valid = scan.next();
            }
        }
        for (ConsumerStore consumer : consumers) {
            consumer.loadState();
        }
        return consumers;
    }

    /** Makes a consumer; durable with the current group. The caller sees to it that names are unique within the stream. */
    public ConsumerStore create(StreamLog stream, String name, byte[] config, long createdNs) {
        stream.checkOpen();
        var consumer = new ConsumerStore(engine, stream, ids.next(), name, createdNs, config, onChange);
        consumer.putConfig();
        return consumer;
    }
}
