package io.leafd.test.hostility;

import io.leafd.test.peer.Deadline;
import io.leafd.test.peer.Ports;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Somebody who stands where the upstream should be, and sends nonsense over each connection that leafd makes. */
class BadHubIT {
    private static final int UPSTREAMS = 16;
    private static final int CONNECTIONS = 10 * UPSTREAMS;
    private static final Duration ATTACKED_MAX = Duration.ofSeconds(60);

    @Test
    void nonsenseFromUpstreamHarmsNobodyHere() {
        int port = Ports.free();
        String upstreams = IntStream.range(0, UPSTREAMS)
                .mapToObj("""
                        [upstream.hub%d]
                        urls = ["nats://127.0.0.1:PORT"]
                        retry_max = "1s"
                        """::formatted)
                .collect(Collectors.joining())
                .replace("PORT", Integer.toString(port));
        try (Box box = Box.start("bad-hub", upstreams);
                GoodClient good = GoodClient.at(box)) {
            box.measure();
            try (Hub hub = new Hub(port)) {
                Deadline.await("connections attacked", ATTACKED_MAX, () -> hub.attacked.get() >= CONNECTIONS);
            }
            good.wasServedThroughout();
            box.settles();
        }
    }

    /** Greets most as an upstream does, and sends the same kinds of lines as bad clients do. */
    private static final class Hub implements AutoCloseable {
        private static final byte[] INFO =
                "INFO {\"server_id\":\"N\",\"client_id\":7,\"version\":\"2.15.0\",\"leafnode_urls\":[\"x:1\"],\"max_payload\":1048576,\"headers\":true}\r\n"
                        .getBytes(StandardCharsets.US_ASCII);
        private static final int GREETED_LINES = 40;

        final AtomicInteger attacked = new AtomicInteger();
        private final ServerSocket listener;

        Hub(int port) {
            try {
                listener = new ServerSocket(port, UPSTREAMS, InetAddress.getLoopbackAddress());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            Thread.ofVirtual().start(this::serve);
        }

        private void serve() {
            while (!listener.isClosed()) {
                try {
                    Socket leaf = listener.accept();
                    leaf.setSoTimeout((int) Deadline.ANSWER.toMillis());
                    int number = attacked.incrementAndGet();
                    Thread.ofVirtual().start(() -> attack(leaf, number));
                } catch (IOException closed) {
                    return;
                }
            }
        }

        private static void attack(Socket leaf, int number) {
            try (leaf) {
                OutputStream out = leaf.getOutputStream();
                var bad = new BadLines(number);
                var bytes = new ByteArrayOutputStream();
                if (number % 4 != 0) {
                    bytes.write(INFO);
                }
                for (int i = 0; i < GREETED_LINES; i++) {
                    bytes.write(bad.next());
                }
                out.write(bytes.toByteArray());
                leaf.shutdownOutput();
                Attack.rest(leaf);
            } catch (IOException closed) {
                // the leaf had enough
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
