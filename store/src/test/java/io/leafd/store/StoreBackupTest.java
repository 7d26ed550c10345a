package io.leafd.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leafd.protocol.Subject;
import io.leafd.store.loop.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies of stores, running and stopped, and stores made from copies. */
class StoreBackupTest {
    @TempDir
    Path directory;

    private Path store() {
        return directory.resolve("store");
    }

    private static void append(Stores stores, int messages) {
        for (int i = 0; i < messages; i++) {
            stores.stream("S").append(Subject.of("s.a"), new byte[100], 0, 1, null);
        }
        stores.run();
    }

    private static void holds(Path store, long messages) {
        assertThat(StoreCheck.of(store).whole()).isTrue();
        try (Stores stores = Stores.small(store)) {
            assertThat(stores.stream("S").messages()).isEqualTo(messages);
            assertThat(stores.store.losses()).isEmpty();
        }
    }

    @Test
    void runningStoreIsCopiedAsItWas() throws IOException {
        Path backup = directory.resolve("backup");
        try (Stores stores = Stores.small(store())) {
            append(stores, 500);
            Path snapshot = stores.store.snapshot();
            append(stores, 100);
            StoreBackup.Copied copied = StoreBackup.ofSnapshot(snapshot, backup);
            assertThat(copied.bytes()).isGreaterThan(50_000);
            stores.store.dropSnapshot();
            assertThat(snapshot).doesNotExist();
            append(stores, 1);
        }
        holds(backup, 500);
        holds(store(), 601);
    }

    @Test
    void stoppedStoreIsCopiedAndRestored() throws IOException {
        try (Stores stores = Stores.small(store())) {
            append(stores, 50);
        }
        Path backup = directory.resolve("backup");
        StoreBackup.ofStopped(store(), backup);
        Path restored = directory.resolve("restored");
        StoreBackup.restore(backup, restored);
        holds(restored, 50);
        assertThatThrownBy(() -> StoreBackup.restore(backup, restored))
                .isInstanceOf(StoreException.Unusable.class)
                .hasMessageContaining("holds a store already");
        assertThatThrownBy(() -> StoreBackup.ofStopped(store(), backup)).hasMessageContaining("exists already");
        assertThatThrownBy(() -> StoreBackup.restore(directory, store().resolve("x")))
                .hasMessageContaining("is not a leafd store");
    }

    @Test
    void storeInUseIsNotCopiedBehindItsBack() {
        try (Stores stores = Stores.small(store())) {
            append(stores, 5);
            assertThatThrownBy(() -> StoreBackup.ofStopped(store(), directory.resolve("backup")))
                    .isInstanceOf(StoreException.Unusable.class)
                    .hasMessageContaining("in use");
        }
    }
}
