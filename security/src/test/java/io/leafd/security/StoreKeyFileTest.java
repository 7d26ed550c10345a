package io.leafd.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreKeyFileTest {
    private static final String FIRST = "00112233445566778899aabbccddeeff".repeat(2);
    private static final String SECOND = "FFEEDDCCBBAA99887766554433221100".repeat(2);

    @TempDir
    Path directory;

    private Path file(String content) throws IOException {
        Path file = directory.resolve("store.key");
        Files.writeString(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        return file;
    }

    private List<String> keys(String content) throws IOException {
        try (StoreKeyFile file = StoreKeyFile.read(file(content))) {
            return file.keys().stream().map(HexFormat.of()::formatHex).toList();
        }
    }

    private void refused(String content, String message) throws IOException {
        Path file = file(content);
        assertThatThrownBy(() -> StoreKeyFile.read(file))
                .isInstanceOf(SecurityConfigException.class)
                .hasMessage(file + message)
                .message()
                .doesNotContain(FIRST.substring(0, 8), SECOND.substring(0, 8));
    }

    @Test
    void readsWhatOpensslPrints() throws IOException {
        assertThat(keys(FIRST + "\n")).containsExactly(FIRST);
        assertThat(keys(FIRST)).containsExactly(FIRST);
    }

    @Test
    void keepsTheOrderAndPassesOverCommentsAndEmptyLines() throws IOException {
        assertThat(keys("# ours\r\n\r\n  " + SECOND + " # since May\r\n\t\n" + FIRST + "\n#" + FIRST))
                .containsExactly(SECOND.toLowerCase(java.util.Locale.ROOT), FIRST);
    }

    @Test
    void saysWhichLineIsNoKey() throws IOException {
        String make = "; make a key with: openssl rand -hex 32";
        refused("\n" + FIRST.substring(1), ":2: has 63 hex digits instead of 64" + make);
        refused(FIRST + "0", ":1: has 65 hex digits instead of 64" + make);
        refused(FIRST + "\n " + SECOND.substring(0, 9) + "g", ":2: the character in column 11 is no hex digit" + make);
        refused(FIRST + " " + SECOND, ":1: the character in column 65 is no hex digit" + make);
        refused("", ": holds no key" + make);
        refused("# nothing\n\n", ": holds no key" + make);
        refused("\0\1\2", ":1: the character in column 1 is no hex digit" + make);
    }

    @Test
    void saysWhichKeyComesTwice() throws IOException {
        refused(
                SECOND + "\n" + FIRST + "\n" + SECOND.toLowerCase(java.util.Locale.ROOT),
                ":3: is the same key as line 1; remove one of the lines");
    }

    @Test
    void takesNoEndlessList() throws IOException {
        String many =
                IntStream.rangeClosed(1, 17).mapToObj("%064x\n"::formatted).collect(Collectors.joining());
        refused(many, ":17: is one key too many: at most 16; remove keys that are not needed any more");
    }

    @Test
    void isRefusedIfOthersMayReadIt() throws IOException {
        Path file = file(FIRST);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> StoreKeyFile.read(file)).hasMessageContaining("chmod o-rwx");
    }

    @Test
    void closingZeroesTheKeysAndNothingShowsThem() throws IOException {
        StoreKeyFile file = StoreKeyFile.read(file(FIRST));
        byte[] key = file.keys().getFirst();
        assertThat(file.toString()).doesNotContain(FIRST.substring(0, 8)).contains("store.key");
        file.close();
        file.close();
        assertThat(key).containsOnly(0);
    }
}
