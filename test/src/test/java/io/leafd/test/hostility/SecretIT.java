package io.leafd.test.hostility;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.security.nkey.NkeySeed;
import io.leafd.security.nkey.NkeyType;
import io.leafd.test.peer.Deadline;
import io.leafd.test.peer.LeafdProcess;
import io.leafd.test.peer.TestDirectory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** What leafd knows and must not tell: no secret is in its log at the finest level, on a page, in an answer, an error, or {@code ps}. */
class SecretIT {
    private static final String TOKEN = "token-of-the-sensor-4711";
    private static final String UPSTREAM_PASSWORD = "password-for-the-hub-4712";
    private static final String WRONG = "wrong-password-4713";

    @Test
    void nobodyIsToldASecret() throws IOException {
        Path directory = TestDirectory.create("secret-files");
        String seed = seed();
        try (Hub withPassword = new Hub();
                Hub withNkey = new Hub();
                Box box = Box.start("secrets", """
                        [[accounts.PLANT.users]]
                        token_file = "%s"
                        [upstream.password]
                        urls = ["nats://127.0.0.1:%d"]
                        user = "edge"
                        password_file = "%s"
                        [upstream.nkey]
                        urls = ["nats://127.0.0.1:%d"]
                        nkey_seed_file = "%s"
                        [log]
                        level = "trace"
                        """.formatted(
                                Box.secret(directory.resolve("token"), TOKEN),
                                withPassword.port(),
                                Box.secret(directory.resolve("password"), UPSTREAM_PASSWORD),
                                withNkey.port(),
                                Box.secret(directory.resolve("seed"), seed)))) {
            Deadline.await(
                    "both logins upstream",
                    Deadline.ANSWER,
                    () -> withPassword.heard(UPSTREAM_PASSWORD) && withNkey.heard("\"nkey\""));
            var clients = new ArrayList<Socket>();
            try {
                int leafs = box.leafPort;
                int port = box.leafd.clientPort();
                assertThat(login(clients, port, "\"user\":\"good\",\"pass\":\"" + Box.PASSWORD + "\""))
                        .isEqualTo("PONG");
                assertThat(login(clients, port, "\"auth_token\":\"" + TOKEN + "\""))
                        .isEqualTo("PONG");
                assertThat(login(clients, port, "\"user\":\"good\",\"pass\":\"" + WRONG + "\""))
                        .contains("Violation");
                assertThat(login(clients, port, "\"user\":\"good\",\"pass\":" + WRONG))
                        .isNotEqualTo("PONG");
                assertThat(login(clients, port, "\"auth_token\":\"" + WRONG + "\""))
                        .contains("Violation");
                assertThat(login(clients, leafs, "\"user\":\"good\",\"pass\":\"" + WRONG + "\""))
                        .contains("Violation");
                String told = pages(box) + proc(box, "cmdline") + proc(box, "environ");
                for (String command : List.of("status", "link", "streams", "check")) {
                    told += run(box, command);
                }
                String log = box.leafd.logText();
                assertThat(log).as("the log at its finest level").contains(" DEBUG ");
                assertThat(told + log).doesNotContain(Box.PASSWORD, TOKEN, UPSTREAM_PASSWORD, WRONG, seed);
            } finally {
                Attack.close(clients);
            }
            assertThat(mode(box.leafd.directory().resolve("data"))).isEqualTo("rwx------");
            assertThat(mode(box.leafd.directory().resolve("data/admin.sock"))).isEqualTo("rw-rw----");
        }
    }

    @Test
    void aSecretThatIsRefusedIsNotQuoted() throws IOException {
        Path directory = TestDirectory.create("refused-secrets");
        String seed = seed();
        String spoilt = seed.substring(0, seed.length() - 4) + "AAAA";
        Path config = directory.resolve("leafd.toml");
        Files.writeString(
                config, """
                [server]
                data_dir = "%s"
                [upstream.nkey]
                urls = ["nats://127.0.0.1:1"]
                nkey_seed_file = "%s"
                [upstream.inline]
                urls = ["nats://edge:%s@127.0.0.1:1"]
                """.formatted(directory.resolve("data"), Box.secret(directory.resolve("seed"), spoilt), WRONG));
        String answer = run(config, "check");
        assertThat(answer).contains("\"ok\":false").doesNotContain(spoilt, WRONG);
    }

    private static String seed() {
        try (NkeySeed seed = NkeySeed.generate(NkeyType.USER, new SecureRandom())) {
            return new String(seed.text(), StandardCharsets.US_ASCII);
        }
    }

    /** The line that answers a login and a PING; empty if the connection is closed without a word. The connection stays open. */
    private static String login(List<Socket> sockets, int port, String credentials) throws IOException {
        Socket socket = Attack.connect(port);
        sockets.add(socket);
        var answers = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
        assertThat(answers.readLine()).startsWith("INFO ");
        socket.getOutputStream()
                .write(("CONNECT {\"verbose\":false,\"pedantic\":false," + credentials + "}\r\nPING\r\n")
                        .getBytes(StandardCharsets.ISO_8859_1));
        String answer = answers.readLine();
        return answer == null ? "" : answer;
    }

    private static String pages(Box box) throws IOException {
        var all = new StringBuilder();
        for (String path : List.of(
                "/varz",
                "/connz?subs=1&auth=1&state=all",
                "/leafz?subs=1",
                "/jsz?accounts=1",
                "/healthz",
                "/metrics",
                "/")) {
            byte[] request = "GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                    .formatted(path)
                    .getBytes(StandardCharsets.US_ASCII);
            try (Socket socket = Attack.connect(box.httpPort)) {
                socket.getOutputStream().write(request);
                all.append(Attack.rest(socket));
            }
        }
        assertThat(all).contains("HTTP/1.1 200").contains("num_connections");
        return all.toString();
    }

    private static String proc(Box box, String file) throws IOException {
        return Files.readString(Path.of("/proc", Long.toString(box.leafd.pid()), file), StandardCharsets.ISO_8859_1);
    }

    private static String run(Box box, String command) throws IOException {
        return run(box.leafd.directory().resolve("leafd.toml"), command);
    }

    private static String run(Path config, String command) throws IOException {
        Process process = new ProcessBuilder(LeafdProcess.command(command, "--config", config.toString(), "--json"))
                .redirectErrorStream(true)
                .start();
        String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(answer).as(command).isNotEmpty();
        return answer;
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    /** An upstream that hears the login and refuses it. */
    private static final class Hub implements AutoCloseable {
        private static final String INFO =
                "INFO {\"server_id\":\"N\",\"client_id\":7,\"version\":\"2.15.0\",\"nonce\":\"abc\","
                        + "\"leafnode_urls\":[\"x:1\"],\"max_payload\":1048576,\"headers\":true}\r\n";

        private final ServerSocket listener;
        private final ConcurrentLinkedQueue<String> lines = new ConcurrentLinkedQueue<>();

        Hub() throws IOException {
            listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
            Thread.ofVirtual().start(this::serve);
        }

        int port() {
            return listener.getLocalPort();
        }

        boolean heard(String text) {
            return lines.stream().anyMatch(line -> line.contains(text));
        }

        private void serve() {
            while (!listener.isClosed()) {
                try (Socket leaf = listener.accept()) {
                    leaf.getOutputStream().write(INFO.getBytes(StandardCharsets.US_ASCII));
                    String line = new BufferedReader(
                                    new InputStreamReader(leaf.getInputStream(), StandardCharsets.UTF_8))
                            .readLine();
                    lines.add(String.valueOf(line));
                    leaf.getOutputStream()
                            .write("-ERR 'Authorization Violation'\r\n".getBytes(StandardCharsets.US_ASCII));
                } catch (IOException closed) {
                    // by the leaf, or with this hub
                }
            }
        }

        @Override
        public void close() {
            try {
                listener.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
