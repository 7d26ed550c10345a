package io.leafd.app.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
    @TempDir
    private Path directory;

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void isMadeForItsOwnerAlone() throws IOException {
        Path made = directory.resolve("some/where/data");
        DataDirectory.prepare(made);
        assertThat(mode(made)).isEqualTo("rwx------");
    }

    @Test
    void oneThatIsThereKeepsItsMode() throws IOException {
        Path shared = Files.setPosixFilePermissions(
                Files.createDirectory(directory.resolve("data")), PosixFilePermissions.fromString("rwxr-x---"));
        DataDirectory.prepare(shared);
        assertThat(mode(shared)).isEqualTo("rwxr-x---");
    }
}
