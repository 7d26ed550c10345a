package io.leafd.test.link;

import io.leafd.test.peer.RawClient;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Numbered sensor readings, published at the edge as plain core messages by a client that knows nothing of forwards. Owned by one
 * scenario.
 */
final class Readings {
    static final String SUBJECTS = "plant.telemetry.>";

    private static final int SENSORS = 50;
    private static final int BATCH = 500;

    private final Site site;
    private int published;

    Readings(Site site) {
        this.site = site;
    }

    /** Publishes the next readings, and returns when all of them are on disk at the edge. */
    void publish(int count) {
        try (RawClient client = site.atEdge()) {
            client.exchange("SUB _INBOX.r 1\r\n");
            int end = published + count;
            while (published < end) {
                var frames = new StringBuilder();
                for (int i = 0; i < BATCH && published < end; i++) {
                    published++;
                    String reply = published == end ? "_INBOX.r " : "";
                    frames.append("PUB plant.telemetry.s%d %s%d\r\n%d\r\n"
                            .formatted(
                                    published % SENSORS, reply, text(published).length(), published));
                }
                client.send(frames.toString());
            }
            String acknowledgement = client.until("}\r\n");
            if (!acknowledgement.contains("\"seq\":")) {
                throw new AssertionError("the edge did not store: " + acknowledgement);
            }
        }
    }

    /** What was published so far, as the payloads of a stream that has everything once and in order. */
    List<String> payloads() {
        return IntStream.rangeClosed(1, published).mapToObj(Readings::text).toList();
    }

    int published() {
        return published;
    }

    private static String text(int number) {
        return Integer.toString(number);
    }
}
