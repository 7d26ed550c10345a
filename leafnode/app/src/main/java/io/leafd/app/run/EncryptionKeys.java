package io.leafd.app.run;

import io.leafd.security.SecurityConfigException;
import io.leafd.security.StoreKeyFile;
import io.leafd.store.crypt.StoreKeys;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads the keys of the store. Any thread. */
public final class EncryptionKeys {
    private EncryptionKeys() {}

    /**
     * The keys of a file.
     *
     * @param file null without encryption
     * @throws SecurityConfigException if the file is not what it should be; it names the line
     */
    public static StoreKeys read(@Nullable Path file) {
        if (file == null) {
            return StoreKeys.NONE;
        }
        try (StoreKeyFile secret = StoreKeyFile.read(file)) {
            return StoreKeys.of(secret.keys());
        } catch (IllegalArgumentException e) {
            throw new SecurityConfigException(file.toString(), String.valueOf(e.getMessage()), "make another key", e);
        }
    }
}
