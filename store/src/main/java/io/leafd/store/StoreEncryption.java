package io.leafd.store;

import io.leafd.store.crypt.RecordCipher;
import io.leafd.store.crypt.StoreKeys;
import io.leafd.store.engine.Engine;
import io.leafd.store.engine.Family;
import io.leafd.store.engine.Scan;
import io.leafd.store.engine.WriteGroup;
import io.leafd.store.files.LostFiles;
import io.leafd.store.loop.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * Encrypts what a store that nobody has open holds in the clear, or under older keys, with the key that encrypts now. Pure functions.
 *
 * <p>Each record concerned is written again under its own key, and then the tables are merged, so that the old ones are gone from the
 * files; what the medium keeps of deleted files is not in leafd's hands. It can be cut off at any place and begun again. For a while
 * it takes as much room as the records take that it writes.
 */
public final class StoreEncryption {
    private StoreEncryption() {}

    /**
     * What was done.
     *
     * @param records how many were encrypted
     * @param unreadable how many are damaged and were left as they are; if there are any, older keys are still needed
     * @param lostFiles how many files, taken out as damaged earlier, were left as they are
     */
    public record Encrypted(long records, long unreadable, int lostFiles) {}

    /**
     * Encrypts a store.
     *
     * @param keys at least one, and all that the store needs
     * @throws StoreException.Unusable if the directory is no store, in use, or needs another key
     * @throws StoreException.Corrupt if a part of a table cannot be read
     */
    public static Encrypted run(Path directory, StoreKeys keys) throws IOException {
        if (keys.isEmpty()) {
            throw new StoreException.Unusable(
                    "there is no key to encrypt with: set encryption_key_file in [store], or name one with --key-file."
                            + " Nothing was changed",
                    null);
        }
        FormatFile.problem(directory, Engine.present(directory.resolve(Store.DATABASE))); // refuses what is no store
        long records = 0;
        long unreadable = 0;
        try (Store store = Store.open(StoreConfig.of(directory).with(keys), System::nanoTime)) {
            Engine engine = store.engine();
            for (Family family : Family.values()) {
                if (family.encrypted()) {
                    var pass = new Pass(engine, family, keys);
                    pass.run();
                    records += pass.records;
                    unreadable += pass.unreadable;
                }
            }
            if (unreadable == 0) {
                store.forgetOlderKeys();
            }
        }
        return new Encrypted(
                records, unreadable, new LostFiles(directory).list("").size());
    }

    /** One walk over a family. */
    private static final class Pass {
        private final Engine engine;
        private final Family family;
        private final int keyId;
        private long records;
        private long unreadable;

        Pass(Engine engine, Family family, StoreKeys keys) {
            this.engine = engine;
            this.family = family;
            this.keyId = keys.firstId();
        }

        void run() {
            engine.readThrough();
            try (Scan scan = engine.scan(family)) {
                boolean valid = scan.seek(new byte[] {0});
                while (valid) {
                    ByteBuffer raw = scan.raw();
                    if (!isEncrypted(raw)) {
                        again(scan, raw);
                    }
                    valid = scan.next();
                }
            }
            engine.commit(true);
            engine.rewrite(family);
        }

        private boolean isEncrypted(ByteBuffer raw) {
            return raw.remaining() >= RecordCipher.OVERHEAD_BYTES
                    && raw.get(0) == RecordCipher.VERSION
                    && raw.getInt(1) == keyId;
        }

        private void again(Scan scan, ByteBuffer raw) {
            if (scan.problem() != null) {
                unreadable++;
                return;
            }
            WriteGroup group = engine.group();
            group.key(scan.key().remaining()).put(scan.key().duplicate());
            group.value(raw.remaining()).put(raw);
            group.put(family);
            records++;
            if (engine.full()) {
                engine.readThrough();
            }
        }
    }
}
