package io.leafd.security;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretFileTest {
    @TempDir
    Path directory;

    private Path file(String mode, byte[] content) throws IOException {
        Path file = directory.resolve("secret");
        Files.write(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
        return file;
    }

    @ParameterizedTest
    @ValueSource(strings = {"r--------", "rw-------", "rw-r-----", "rw-rw----"})
    void readsAFileThatOwnerOrGroupMayRead(String mode) throws IOException {
        try (SecretFile secret = SecretFile.read(file(mode, "s3cret".getBytes(UTF_8)))) {
            assertThat(secret.bytes()).isEqualTo("s3cret".getBytes(UTF_8));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r--r--", "rw-----w-", "rw-rw-rw-"})
    void refusesAFileOpenToOthersAndSaysWhatToRun(String mode) throws IOException {
        Path file = file(mode, "s3cret".getBytes(UTF_8));

        assertThatThrownBy(() -> SecretFile.read(file))
                .isInstanceOf(SecurityConfigException.class)
                .hasMessage(file + ": others may read or write it (mode " + mode + "); run: chmod o-rwx " + file);
    }

    @Test
    void judgesTheTargetOfASymbolicLink() throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("link"), file("rw-------", new byte[] {1}));

        try (SecretFile secret = SecretFile.read(link)) {
            assertThat(secret.bytes()).containsExactly(1);
        }
    }

    @Test
    void closingZeroesTheContent() throws IOException {
        SecretFile secret = SecretFile.read(file("rw-------", "s3cret".getBytes(UTF_8)));
        byte[] bytes = secret.bytes();
        secret.close();
        secret.close();

        assertThat(bytes).containsOnly(0);
        assertThat(secret.toString()).isEqualTo("SecretFile[" + secret.path() + "]");
    }

    @Test
    void missingFileIsNamed() {
        Path missing = directory.resolve("missing");

        assertThatThrownBy(() -> SecretFile.read(missing))
                .isInstanceOf(SecurityConfigException.class)
                .hasMessage(missing + ": no such file; create it or correct the path in the configuration");
    }

    @Test
    void directoryIsRefused() throws IOException {
        Path inner = Files.createDirectory(
                directory.resolve("d"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));

        assertThatThrownBy(() -> SecretFile.read(inner))
                .isInstanceOf(SecurityConfigException.class)
                .hasMessageContaining("is not a regular file");
    }

    @Test
    void sizeIsBounded() throws IOException {
        Path largest = file("rw-------", new byte[SecretFile.SIZE_MAX_BYTES]);
        try (SecretFile secret = SecretFile.read(largest)) {
            assertThat(secret.bytes()).hasSize(SecretFile.SIZE_MAX_BYTES);
        }

        Path tooLarge = file("rw-------", new byte[SecretFile.SIZE_MAX_BYTES + 1]);
        assertThatThrownBy(() -> SecretFile.read(tooLarge))
                .isInstanceOf(SecurityConfigException.class)
                .hasMessageContaining("is larger than 65536 bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pa ss", "pa ss\n", "pa ss\r\n", "pa ss\nmore\n", "  pa ss \n"})
    void lineIsTheFirstOneStripped(String content) throws IOException {
        try (SecretFile secret = SecretFile.read(file("rw-------", content.getBytes(UTF_8)))) {
            assertThat(secret.line()).isEqualTo("pa ss");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "  \nsecond"})
    void emptyLineIsAnError(String content) throws IOException {
        try (SecretFile secret = SecretFile.read(file("rw-------", content.getBytes(UTF_8)))) {
            assertThatThrownBy(secret::line)
                    .isInstanceOf(SecurityConfigException.class)
                    .hasMessageContaining("its first line is empty");
        }
    }
}
