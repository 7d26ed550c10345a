package io.leafd.app.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leafd.app.admin.AdminException;
import io.leafd.app.admin.AdminException.Code;
import io.leafd.app.config.ConfigFile;
import io.leafd.app.config.LeafdConfig;
import io.leafd.app.config.LogConfig;
import io.leafd.systemd.SdNotify;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReloaderTest {
    private final List<LeafdConfig> applied = new ArrayList<>();

    @TempDir
    private Path directory;

    private Path file;
    private Reloader reloader;

    @BeforeEach
    void start() throws IOException {
        file = directory.resolve("leafd.toml");
        write("");
        ConfigFile reader = new ConfigFile(Map.of(), "box");
        reloader = new Reloader(SdNotify.of(Map.of(), System::nanoTime), reader, file, reader.read(file), applied::add);
    }

    private void write(String toml) throws IOException {
        Files.writeString(file, toml);
    }

    private void assertRefused(Code code, String... parts) {
        assertThatThrownBy(reloader::reload)
                .isInstanceOfSatisfying(
                        AdminException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContainingAll(parts);
        assertThat(applied).isEmpty();
    }

    @Test
    void changesAreAppliedAndNamed() throws IOException {
        write("[log]\nlevel = \"debug\"\n");

        assertThat(reloader.reload()).containsExactly("log.level: \"info\" -> \"debug\"");
        assertThat(applied).extracting(LeafdConfig::log).containsExactly(new LogConfig(LogConfig.Level.DEBUG));
        assertThat(reloader.reload()).isEmpty();
    }

    @Test
    void aChangeThatNeedsARestartLeavesEverythingAsItIs() throws IOException {
        write("[log]\nlevel = \"debug\"\n[server]\nlisten = \"127.0.0.1:4333\"\n");

        assertRefused(Code.FAILED, "need a restart", "server.listen: \"127.0.0.1:4222\" -> \"127.0.0.1:4333\"");
    }

    @Test
    void aBadFileLeavesEverythingAsItIs() throws IOException {
        write("[log]\nlevel = \"debug\"\nlevle = 1\n[server]\nlisten = 3\n");

        assertRefused(Code.BAD_CONFIG, "leafd.toml:3:1: unknown key", "leafd.toml:5:1: listen in [server]");
    }

    @Test
    void aSecretThatIsNoneLeavesEverythingAsItIs() throws IOException {
        Path seed = Files.writeString(directory.resolve("hq.nk"), "no seed\n");
        Files.setPosixFilePermissions(seed, Set.of(PosixFilePermission.OWNER_READ));
        write("[upstream.hq]\nurls = [\"nats://hub\"]\nnkey_seed_file = \"hq.nk\"\n");

        assertRefused(Code.BAD_CONFIG, "hq.nk");
    }

    @Test
    void whatThePartsRefuseIsNotTakenForApplied() throws IOException {
        Reloader refusing = new Reloader(
                SdNotify.of(Map.of(), System::nanoTime),
                new ConfigFile(Map.of(), "box"),
                file,
                new ConfigFile(Map.of(), "box").read(file),
                config -> {
                    throw new AdminException(Code.FAILED, "stream refused");
                });
        write("[log]\nlevel = \"debug\"\n");

        assertThatThrownBy(refusing::reload).hasMessage("stream refused");
        assertThat(refusing.config().log().level()).isEqualTo(LogConfig.Level.INFO);
        assertThatThrownBy(refusing::reload).as("it can be tried again").hasMessage("stream refused");
    }
}
