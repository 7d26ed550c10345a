package io.leafd.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.app.config.schema.ConfigException;
import io.leafd.app.config.schema.Problem;
import io.leafd.app.config.schema.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every key that names a file with a secret refuses one that others may read or write. */
class SecretFileTest {
    private static final List<String> KEYS = List.of(
            "[store]\nencryption_key_file = 'FILE'",
            "[tls]\ncert_file = 'CERT'\nkey_file = 'FILE'",
            "[[accounts.A.users]]\nname = 'u'\npassword_file = 'FILE'",
            "[[accounts.A.users]]\ntoken_file = 'FILE'",
            "[upstream.hq]\nurls = ['tls://hub']\nnkey_seed_file = 'FILE'",
            "[upstream.hq]\nurls = ['tls://hub']\ncredentials_file = 'FILE'",
            "[upstream.hq]\nurls = ['tls://hub']\nuser = 'u'\npassword_file = 'FILE'",
            "[upstream.hq]\nurls = ['tls://hub']\ntoken_file = 'FILE'",
            "[upstream.hq]\nurls = ['tls://hub']\n[upstream.hq.tls]\ncert_file = 'CERT'\nkey_file = 'FILE'");

    @TempDir
    private Path directory;

    @Test
    void theListBelowIsComplete() {
        String reference = new Reference(LeafdConfig.TABLE).markdown();
        assertThat(reference.split("file, not readable by others", -1)).hasSize(1 + KEYS.size());
    }

    @Test
    void aFileOpenToOthersIsRefusedByEveryKey() throws IOException {
        Files.writeString(directory.resolve("cert.pem"), "x");
        for (String mode : List.of("rw-r--r--", "rw-----w-", "rw----r--")) {
            Path secret = Files.writeString(directory.resolve("secret"), "hunter2");
            Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString(mode));
            for (String key : KEYS) {
                assertThat(problems(key)).as(key).anyMatch(problem -> problem.contains("chmod o-rwx"));
                assertThat(problems(key)).noneMatch(problem -> problem.contains("hunter2"));
            }
        }
    }

    private List<String> problems(String toml) throws IOException {
        Path file = Files.writeString(
                directory.resolve("leafd.toml"), toml.replace("FILE", "secret").replace("CERT", "cert.pem"));
        try {
            new ConfigFile(Map.of(), "box").read(file);
            return List.of();
        } catch (ConfigException e) {
            return e.problems().stream().map(Problem::toString).toList();
        }
    }
}
