package io.leafd.app.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leafd.app.config.ListenAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the owner reads when leafd can't start. */
class StartTest {
    private static final ListenAddress ADDRESS = new ListenAddress("127.0.0.1", 4222);

    @TempDir
    private Path directory;

    @Test
    void aPortInUseIsNamedWithItsTable() {
        assertThatThrownBy(() -> ListenerStart.open("server", ADDRESS, () -> {
                    throw new IOException("bind(..) failed with error(-98): Address already in use");
                }))
                .isInstanceOf(IOException.class)
                .hasMessage("[server] can't listen on 127.0.0.1:4222: another program listens there; stop it, or set"
                        + " listen in [server] to another address");
        assertThat(ListenerStart.explain("http", ADDRESS, "strange")).endsWith("127.0.0.1:4222: strange");
    }

    @Test
    void aDataDirectoryIsMadeForItsOwnerAlone() throws IOException {
        DataDirectory.prepare(directory.resolve("a/b"));
        DataDirectory.prepare(directory.resolve("a/b"));

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("a/b"))))
                .isEqualTo("rwx------");
    }

    @Test
    void aFileInTheWayIsNamed() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));

        assertThatThrownBy(() -> DataDirectory.prepare(file)).hasMessageContaining(file + " is a file");
        assertThatThrownBy(() -> DataDirectory.prepare(file.resolve("data")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file + " is a file; set data_dir in [server]");
    }

    @Test
    void aPlaceWhereNothingCanBeMadeIsNamed() {
        assertThatThrownBy(() -> DataDirectory.prepare(Path.of("/proc/leafd")))
                .hasMessageContaining("the data directory /proc/leafd can't be used: ")
                .hasMessageContaining("/proc");
    }
}
