package io.leafd.test.faults;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Publishes messages of changing size without waiting for anything, as fast as the server takes them or at a rate. */
final class CoreFlood extends Endeavour {
    private static final int[] SIZES = {100, 1_000, 16_000};
    private static final int AT_ONCE = 32;
    private static final Duration END_MAX = Duration.ofSeconds(30);

    private final String subject;
    private final long bytesPerSecond;
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong messages = new AtomicLong();

    /** @param bytesPerSecond at most; {@link Long#MAX_VALUE} for as many as the server takes */
    CoreFlood(int port, String subject, long bytesPerSecond) {
        super("flood of " + subject, port);
        this.subject = subject;
        this.bytesPerSecond = bytesPerSecond;
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
        long fromNs = System.nanoTime();
        long before = bytes.get();
        while (!stopped()) {
            long aheadNs = (long) ((bytes.get() - before) * 1e9 / bytesPerSecond) - (System.nanoTime() - fromNs);
            if (aheadNs > 0) {
                LockSupport.parkNanos(aheadNs);
                continue;
            }
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
