package io.leafd.jetstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.protocol.Subject;
import io.leafd.store.log.StreamLog;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file of the store is cut off behind leafd's back: messages are lost, but no sequence gets a second message. */
class LostTailTest {
    private static final int MESSAGES = 20;

    @TempDir
    Path directory;

    private TestServer server;

    @BeforeEach
    void open() {
        server = TestServer.on(directory);
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void sequencesOfLostMessagesAreNotGivenAgain() throws IOException {
        server.request("STREAM.CREATE.S", "{\"name\":\"S\",\"subjects\":[\"s.>\"]}");
        for (int i = 1; i <= MESSAGES; i++) {
            assertThat(server.publish("s.a", "message " + i)).contains("\"seq\":" + i);
        }
        server.close();
        cutLog(0.7);
        server = TestServer.on(directory);
        StreamLog log = log("S");
        assertThat(log.lastSeq()).isEqualTo(MESSAGES);
        assertThat(log.messages()).isBetween(1L, MESSAGES - 1L);
        assertThat(server.publish("s.a", "next")).contains("\"seq\":" + (MESSAGES + 1));
        server.restart();
        assertThat(server.publish("s.a", "next")).contains("\"seq\":" + (MESSAGES + 2));
    }

    @Test
    void mirrorFetchesLostMessagesAgain() throws IOException {
        server.request("STREAM.CREATE.M", "{\"name\":\"M\",\"mirror\":{\"name\":\"ORIGIN\"}}");
        StreamLog log = log("M");
        for (int i = 1; i <= MESSAGES; i++) {
            log.appendAt(i, Subject.of("s.a"), new byte[50], 0, i, null);
            server.run();
        }
        server.close();
        cutLog(0.7);
        server = TestServer.on(directory);
        StreamLog found = log("M");
        assertThat(found.lastSeq()).isBetween(1L, MESSAGES - 1L);
        assertThat(server.store.lostTailMax(found)).isEqualTo(MESSAGES - found.lastSeq());
    }

    private StreamLog log(String stream) {
        return Objects.requireNonNull(server.store.streams().find("A", stream));
    }

    private void cutLog(double share) throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("db"))) {
            Path log = files.filter(file -> file.toString().endsWith(".log"))
                    .max(Comparator.comparingLong(file -> file.toFile().length()))
                    .orElseThrow();
            try (FileChannel channel = FileChannel.open(log, StandardOpenOption.WRITE)) {
                channel.truncate((long) (channel.size() * share));
            }
        }
    }
}
