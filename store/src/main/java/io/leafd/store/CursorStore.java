package io.leafd.store;

import io.leafd.store.engine.Engine;
import io.leafd.store.engine.Family;
import io.leafd.store.engine.Scan;
import io.leafd.store.engine.Staged;
import io.leafd.store.engine.WriteGroup;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Named small records: positions of forwards, mirrors and sources, and the like. Owned by the store loop. Written in the same
 * group as whatever else the work item did, so a position never runs ahead of what it stands for.
 *
 * <p>Family {@code cursors}: key = name (UTF-8); body = the value. A damaged record throws, it is never taken for a missing one:
 * "nothing sent yet" would send everything again.
 */
public final class CursorStore implements Staged {
    private final Engine engine;
    /** What the next write will hold; null stands for a removal. */
    private final Map<String, byte @Nullable []> changed = new HashMap<>();

    CursorStore(Engine engine) {
        this.engine = engine;
    }

    /** The bytes of this name, or null. */
    public byte @Nullable [] get(String name) {
        engine.checkUp();
        if (changed.containsKey(name)) {
            return changed.get(name);
        }
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        ByteBuffer key = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
        ByteBuffer body = engine.body(Family.CURSORS, key);
        return body == null ? null : bytes(body);
    }

    /** Sets the bytes of a name; written once per group. The array is kept. */
    public void put(String name, byte[] value) {
        change(name, value);
    }

    /** Forgets a name. */
    public void remove(String name) {
        change(name, null);
    }

    /** Shows all names that begin with {@code prefix}, in byte order. */
    public void forEach(String prefix, BiConsumer<String, byte[]> visitor) {
        engine.readThrough();
        byte[] prefixBytes = prefix.getBytes(StandardCharsets.UTF_8);
        try (Scan scan = engine.scan(Family.CURSORS)) {
            boolean valid = scan.seek(prefixBytes);
            while (valid) {
                String name = new String(bytes(scan.key()), StandardCharsets.UTF_8);
                if (!name.startsWith(prefix)) {
                    return;
                }
                visitor.accept(name, bytes(scan.body()));
                valid = scan.next();
            }
        }
    }

    /** Forgets what was not written, for a reopened store. */
    void forget() {
        changed.clear();
    }

    @Override
    public void stage(WriteGroup group) {
        changed.forEach((name, value) -> {
            byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
            group.key(bytes.length).put(bytes);
            if (value == null) {
                group.delete(Family.CURSORS);
            } else {
                group.value(value.length).put(value);
                group.put(Family.CURSORS);
            }
        });
    }

    @Override
    public void written() {
        changed.clear();
    }

    private void change(String name, byte @Nullable [] value) {
        engine.checkUp();
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a cursor needs a name");
        }
        if (changed.isEmpty()) {
            engine.group().later(this);
        }
        changed.put(name, value);
    }

    private static byte[] bytes(ByteBuffer from) {
        byte[] bytes = new byte[from.remaining()];
        from.get(from.position(), bytes);
        return bytes;
    }
}
