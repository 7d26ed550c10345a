package io.leafd.test.hostility;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.test.peer.LeafdProcess;
import io.leafd.test.peer.NatsClients;
import io.leafd.test.peer.TestDirectory;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** An encrypted store: whoever holds its disk reads no message, and without the key leafd neither starts on it nor touches it. */
class StolenDiskIT {
    private static final String KEY = "0f1e2d3c4b5a69788796a5b4c3d2e1f0".repeat(2);
    private static final String OTHER_KEY = "f0e1d2c3b4a5968778695a4b3c2d1e0f".repeat(2);
    private static final String PAYLOAD = "payload-that-is-nobodys-business";
    private static final String HEADER = "header-that-is-nobodys-business";
    private static final int MESSAGES = 50;

    @Test
    void theDiskAloneIsOfNoUse() throws IOException, InterruptedException, JetStreamApiException {
        Path keys = TestDirectory.create("store-keys");
        Path key = Box.secret(keys.resolve("store.key"), "# of this box\n" + KEY);
        Path other = Box.secret(keys.resolve("other.key"), OTHER_KEY);
        try (Box box = Box.start("stolen-disk", "[store]\nencryption_key_file = \"" + key + "\"")) {
            publish(box);
            box.leafd.kill();
            Path data = box.leafd.directory().resolve("data");
            assertThat(filesWith(data, PAYLOAD)).isEmpty();
            assertThat(filesWith(data, HEADER)).isEmpty();

            Path config = box.leafd.directory().resolve("leafd.toml");
            String sound = Files.readString(config);
            String line = "encryption_key_file = \"" + key + "\"";
            assertThat(sound).contains(line);
            refused(box, sound.replace(line, ""), "and no key was given");
            refused(box, sound.replace(key.toString(), other.toString()), "which is not among those given");

            box.leafd.configure(sound);
            box.leafd.start();
            readBack(box);
            assertThat(run("store", "check", "--config", config.toString())).contains("all is whole");
            assertThat(box.leafd.logText()).doesNotContain(KEY, OTHER_KEY);
            assertThat(filesWith(data, PAYLOAD)).isEmpty();
        }
    }

    private static void publish(Box box) throws IOException, InterruptedException, JetStreamApiException {
        try (Connection client = NatsClients.connect(box.leafd, Box.USER, Box.PASSWORD)) {
            client.jetStreamManagement()
                    .addStream(StreamConfiguration.builder()
                            .name("KEPT")
                            .subjects("kept")
                            .build());
            for (int i = 0; i < MESSAGES; i++) {
                client.jetStream()
                        .publish(NatsMessage.builder()
                                .subject("kept")
                                .headers(new Headers().add("About", HEADER))
                                .data(PAYLOAD, StandardCharsets.US_ASCII)
                                .build());
            }
        }
    }

    private static void readBack(Box box) throws IOException, InterruptedException, JetStreamApiException {
        try (Connection client = NatsClients.connect(box.leafd, Box.USER, Box.PASSWORD)) {
            for (int seq = 1; seq <= MESSAGES; seq++) {
                MessageInfo message = client.jetStreamManagement().getMessage("KEPT", seq);
                assertThat(message.getData()).isEqualTo(PAYLOAD.getBytes(StandardCharsets.US_ASCII));
                Headers headers = message.getHeaders();
                assertThat(headers).isNotNull();
                assertThat(headers.getFirst("About")).isEqualTo(HEADER);
            }
        }
    }

    /** A start with this configuration fails, says why, and leaves every file as it was. */
    private static void refused(Box box, String config, String reason) {
        Path data = box.leafd.directory().resolve("data");
        List<String> before = contents(data);
        box.leafd.configure(config);
        box.leafd.launch();
        assertThat(box.leafd.awaitEnd()).isNotZero();
        assertThat(box.leafd.logText()).containsPattern("store .* is encrypted with the key [0-9a-f]{8}, " + reason);
        assertThat(contents(data)).isEqualTo(before);
    }

    /** Names, contents and times of the files; the lock names the process that looked at it last. */
    private static List<String> contents(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> Files.isRegularFile(file) && !file.endsWith("LOCK"))
                    .map(StolenDiskIT::content)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String content(Path file) {
        try {
            return file + " " + Arrays.hashCode(Files.readAllBytes(file)) + " " + Files.getLastModifiedTime(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> filesWith(Path directory, String text) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> bytes(file).contains(text))
                    .toList();
        }
    }

    private static String bytes(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String run(String... command) throws IOException {
        Process process = new ProcessBuilder(LeafdProcess.command(command))
                .redirectErrorStream(true)
                .start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
