package io.leafd.test.faults;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Changes the keys of a bucket one after the other, waiting for each answer; every seventh change deletes. */
final class KeyWriter extends Endeavour {
    static final String STREAM = "KV_FAULTS";
    static final String PREFIX = "$KV.FAULTS.";
    private static final int KEYS = 8;
    private static final int DELETE_EVERY = 7;
    private static final Duration ANSWER = Duration.ofSeconds(5);
    private static final Duration TICK = Duration.ofMillis(100);
    private static final long PAUSE_NS = 2_000_000L;

    private final KeyLedger ledger;
    private int number;

    KeyWriter(int port, KeyLedger ledger) {
        super("key-writer", port);
        this.ledger = ledger;
    }

    @Override
    void session(WireClient client) throws IOException {
        String inbox = "_INBOX.kv.%d.".formatted(System.nanoTime());
        client.subscribe(inbox + "*", 1);
        while (!stopped()) {
            number++;
            String key = "k" + number % KEYS;
            String value = number % DELETE_EVERY == 0 ? "" : "v" + number;
            ledger.attempt(key, value);
            if (value.isEmpty()) {
                client.publish(PREFIX + key, inbox + number, "KV-Operation: DEL\r\n", new byte[0]);
            } else {
                client.publish(PREFIX + key, inbox + number, value.getBytes(StandardCharsets.US_ASCII));
            }
            client.flush();
            if (acknowledged(client, inbox + number)) {
                ledger.acknowledged(key);
            }
            LockSupport.parkNanos(PAUSE_NS);
        }
    }

    private boolean acknowledged(WireClient client, String reply) throws IOException {
        long endNs = System.nanoTime() + ANSWER.toNanos();
        while (System.nanoTime() < endNs && !halted()) {
            WireClient.Delivery answer = client.next(TICK);
            if (answer != null && answer.subject().equals(reply)) {
                return answer.status() == 0 && !answer.text().contains("\"error\"");
            }
        }
        return false;
    }
}
