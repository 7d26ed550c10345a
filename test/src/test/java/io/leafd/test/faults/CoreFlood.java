package io.leafd.test.faults;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Publishes messages of changing size without a pause and without waiting for anything, as fast as the server takes them. */
final class CoreFlood extends Endeavour {
    private static final int[] SIZES = {100, 1_000, 16_000};
    private static final int AT_ONCE = 32;
    private static final Duration END_MAX = Duration.ofSeconds(30);

    private final String subject;
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong messages = new AtomicLong();

    CoreFlood(int port, String subject) {
        super("flood of " + subject, port);
        this.subject = subject;
    }

    /** Bytes of payload that the server took. Any thread. */
    long bytes() {
        return bytes.get();
    }

    /** How many messages it took. Any thread. */
    long messages() {
        return messages.get();
    }

    @Override
    void session(WireClient client) throws IOException {
        while (!stopped()) {
            long sent = 0;
            for (int i = 0; i < AT_ONCE; i++) {
                byte[] payload = new byte[SIZES[i % SIZES.length]];
                client.publish(subject, "", payload);
                sent += payload.length;
            }
            client.flush();
            bytes.addAndGet(sent);
            messages.addAndGet(AT_ONCE);
        }
        if (!halted() && !client.sync(END_MAX)) {
            throw new AssertionError(name() + ": no answer to a PING behind it within " + END_MAX);
        }
    }
}
