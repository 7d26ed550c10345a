package io.leafd.test.faults;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

/** Publishes core messages of changing size without a pause, as fast as the server takes them. */
final class CoreFlood extends Endeavour {
    static final String SUBJECT = "flood.data";
    private static final int[] SIZES = {100, 1_000, 16_000};
    private static final int AT_ONCE = 32;

    private final AtomicLong bytes = new AtomicLong();

    CoreFlood(int port) {
        super("core-flood", port);
    }

    /** Bytes of payload that the server took. Any thread. */
    long bytes() {
        return bytes.get();
    }

    @Override
    void session(WireClient client) throws IOException {
        while (!stopped()) {
            long sent = 0;
            for (int i = 0; i < AT_ONCE; i++) {
                byte[] payload = new byte[SIZES[i % SIZES.length]];
                client.publish(SUBJECT, "", payload);
                sent += payload.length;
            }
            client.flush();
            bytes.addAndGet(sent);
        }
    }
}
