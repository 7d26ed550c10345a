package io.leafd.store;

import io.leafd.store.crypt.StoreKeys;
import io.leafd.store.engine.Engine;
import io.leafd.store.engine.EngineConfig;
import io.leafd.store.engine.Family;
import io.leafd.store.engine.WriteGroup;
import io.leafd.store.loop.StoreException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Which keys a store needs: fingerprints of all with which its records were ever encrypted, in the order in which they came. Pure
 * functions.
 *
 * <p>It is written in {@link FormatFile}, which is read before anything is touched; and, in case that file is lost, in a record of the
 * database, of which {@link DefinitionsFile} holds a copy. Without it an encrypted store would look like a damaged one to a leafd
 * that was given no key, or another.
 *
 * <p>Family {@code metadata}: key = {@code 'K'}; body = fingerprints of 16 bytes each.
 */
final class KeyMark {
    static final byte KEY = 'K';
    private static final int FINGERPRINT_BYTES = 16;
    private static final long MEMORY_BYTES = 8L << 20;

    private KeyMark() {}

    /** The mark with the key that encrypts from now on. */
    static List<String> with(List<String> mark, StoreKeys keys) {
        if (keys.isEmpty() || mark.contains(keys.fingerprints().getFirst())) {
            return mark;
        }
        var more = new ArrayList<>(mark);
        more.add(keys.fingerprints().getFirst());
        return List.copyOf(more);
    }

    /** @throws StoreException.Unusable if a key is missing; nothing was changed */
    static void check(Path directory, List<String> mark, StoreKeys keys) {
        List<String> given = keys.fingerprints();
        for (String needed : mark) {
            if (!given.contains(needed)) {
                throw new StoreException.Unusable(refusal(directory, StoreKeys.brief(needed), keys), null);
            }
        }
    }

    private static String refusal(Path directory, String needed, StoreKeys keys) {
        String store = "store " + directory + " is encrypted with the key " + needed;
        return keys.isEmpty()
                ? store + ", and no key was given: name the file that holds it as encryption_key_file in [store], or to"
                        + " leafd store check and repair with --key-file. Nothing was changed"
                : store + ", which is not among those given, " + keys
                        + ": name the file that holds it, or add its line to"
                        + " the key file, below the key that is to encrypt. Nothing was changed";
    }

    /** The mark of a database whose file {@code FORMAT} is lost; nothing is changed. Empty if there is none. */
    static List<String> ofDatabase(Path directory, Path database) {
        if (!Engine.present(database)) {
            return List.of();
        }
        try (var engine = new Engine(
                new EngineConfig(database, MEMORY_BYTES, StoreConfig.MAX_DISK_BYTES_MIN, true), System::nanoTime)) {
            engine.openReadOnly();
            List<String> mark = read(engine);
            if (!mark.isEmpty()) {
                return mark;
            }
        } catch (StoreException.Unavailable e) {
            // damaged as well: the copy knows
        }
        List<DefinitionsFile.Definition> definitions = DefinitionsFile.read(directory);
        if (definitions != null) {
            for (DefinitionsFile.Definition definition : definitions) {
                if (definition.family() == Family.METADATA && isMark(definition.key())) {
                    return parse(ByteBuffer.wrap(definition.body()));
                }
            }
        }
        return List.of();
    }

    private static boolean isMark(byte[] key) {
        return key.length == 1 && key[0] == KEY;
    }

    /** The record of an open database; empty if there is none, or it is damaged. */
    static List<String> read(Engine engine) {
        try {
            ByteBuffer key = ByteBuffer.allocateDirect(1).put(KEY).flip();
            ByteBuffer body = engine.body(Family.METADATA, key);
            return body == null ? List.of() : parse(body);
        } catch (StoreException.Corrupt e) {
            return List.of();
        }
    }

    private static List<String> parse(ByteBuffer body) {
        var mark = new ArrayList<String>();
        byte[] fingerprint = new byte[FINGERPRINT_BYTES];
        while (body.remaining() >= FINGERPRINT_BYTES) {
            body.get(fingerprint);
            mark.add(HexFormat.of().formatHex(fingerprint));
        }
        return List.copyOf(mark);
    }

    /** Stages the record. */
    static void write(Engine engine, List<String> mark) {
        WriteGroup group = engine.group();
        group.key(1).put(KEY);
        ByteBuffer body = group.value(mark.size() * FINGERPRINT_BYTES);
        mark.forEach(fingerprint -> body.put(HexFormat.of().parseHex(fingerprint)));
        group.put(Family.METADATA);
    }
}
