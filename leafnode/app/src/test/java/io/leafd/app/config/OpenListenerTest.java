package io.leafd.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.app.config.schema.ConfigException;
import io.leafd.app.config.schema.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No listener lets another machine in without a login, unless the file says so for just that kind of listener. */
class OpenListenerTest {
    private static final List<String> LISTENERS = List.of("server", "leafnodes", "http");
    private static final List<String> LOOPBACK =
            List.of("127.0.0.1", "127.8.9.10", "localhost", "[::1]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]");
    private static final List<String> BEYOND =
            List.of("0.0.0.0", "[::]", "192.0.2.7", "10.0.0.1", "[fe80::1]", "[2001:db8::1]", "box.example.net", "0");
    private static final String USER = "[[accounts.A.users]]\nname = 'sensor'\npassword_file = 'pw'\n";

    @TempDir
    private Path directory;

    @BeforeEach
    void secret() throws IOException {
        Files.setPosixFilePermissions(
                Files.writeString(directory.resolve("pw"), "hunter2"), PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void loopbackNeedsNoLogin() {
        for (String host : LOOPBACK) {
            for (String listener : LISTENERS) {
                assertThat(refused(listener, host, "", ""))
                        .as(listener + " on " + host)
                        .isFalse();
            }
        }
    }

    @Test
    void beyondLoopbackSomebodyMustLogIn() {
        for (String host : BEYOND) {
            for (String listener : LISTENERS) {
                assertThat(refused(listener, host, "", ""))
                        .as(listener + " on " + host)
                        .isTrue();
                assertThat(refused(listener, host, "no_auth_user = 'sensor'\n", USER))
                        .as(listener + " on " + host + ", everybody is one user")
                        .isTrue();
            }
            assertThat(refused("server", host, "", USER))
                    .as("server on " + host)
                    .isFalse();
            assertThat(refused("leafnodes", host, "", USER))
                    .as("leafnodes on " + host)
                    .isFalse();
            assertThat(refused("http", host, "", USER))
                    .as("monitoring has no login, on " + host)
                    .isTrue();
        }
    }

    @Test
    void theFileMaySaySoForClientsAndLeafs() {
        String allowed = "allow_open_listener = true\n";
        assertThat(refused("server", "0.0.0.0", allowed, "")).isFalse();
        assertThat(refused("leafnodes", "0.0.0.0", allowed, "")).isFalse();
        assertThat(refused("http", "0.0.0.0", allowed, ""))
                .as("that clients may come in does not open monitoring")
                .isTrue();
    }

    @Test
    void theFileMaySaySoForMonitoring() {
        String allowed = "[http]\nallow_open_listener = true\n";
        assertThat(problems("[server]\nlisten = '127.0.0.1:4222'\n" + allowed + "listen = '0.0.0.0:8222'\n"))
                .isEmpty();
        assertThat(problems("[server]\nlisten = '0.0.0.0:4222'\n" + allowed))
                .as("that monitoring may be seen does not let clients in")
                .hasSize(1);
    }

    @Test
    void tlsIsNoLogin() throws IOException {
        Files.writeString(directory.resolve("cert.pem"), "x");
        String tls = "[tls]\ncert_file = 'cert.pem'\nkey_file = 'pw'\n";
        assertThat(refused("server", "0.0.0.0", "", tls)).isTrue();
    }

    /** @param server further keys of its table */
    private boolean refused(String listener, String host, String server, String more) {
        String listen = "listen = '" + host + ":5222'\n";
        String toml = listener.equals("server")
                ? "[server]\n" + listen + server + more
                : "[server]\n" + server + "[" + listener + "]\n" + listen + more;
        List<String> problems = problems(toml);
        assertThat(problems).as(toml).allMatch(problem -> problem.contains(listener + ".listen = \""));
        return !problems.isEmpty();
    }

    private List<String> problems(String toml) {
        try {
            Path file = Files.writeString(directory.resolve("leafd.toml"), toml);
            new ConfigFile(Map.of(), "box").read(file);
            return List.of();
        } catch (ConfigException e) {
            return e.problems().stream().map(Problem::toString).toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
