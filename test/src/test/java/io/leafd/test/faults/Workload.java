package io.leafd.test.faults;

import io.leafd.test.peer.Deadline;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The clients at a box and their books: writers of a stream, a writer of a bucket, a consumer that acknowledges, core traffic, and a
 * forwarding to a hub if there is one. Owned by one scenario.
 *
 * <p>{@link #start} and {@link #stop} may alternate; the books go on. {@link #check} reads everything back while nobody writes.
 */
final class Workload {
    static final String STREAM = "LEDGER";
    private static final int WINDOW = 64;
    private static final Duration DRAIN = Duration.ofSeconds(60);

    private final Box box;
    private final @Nullable Hub hub;
    private final int writers;
    private final int perSecond;
    private final Ledger ledger;
    private final Ledger forwarded = new Ledger(1);
    private final KeyLedger keys = new KeyLedger();
    private final AckBook acks;
    private List<Endeavour> running = List.of();
    private CoreTraffic core;

    /** The state of all books, to come back to. */
    record Mark(Ledger.Mark ledger, Map<String, Integer> keys, BitSet[] acks) {}

    /**
     * @param hub where leafd forwards to; null for none
     * @param perSecond messages of each writer
     */
    Workload(Box box, @Nullable Hub hub, int writers, int perSecond) {
        this.box = box;
        this.hub = hub;
        this.writers = writers;
        this.perSecond = perSecond;
        this.ledger = new Ledger(writers);
        this.acks = new AckBook(writers);
        this.core = new CoreTraffic(box.clientPort());
    }

    /** Makes the streams and the consumer. */
    void prepare() {
        try (JetStreamApi api = JetStreamApi.open(box.clientPort())) {
            api.createStream(STREAM, "led.>", "");
            api.createStream(
                    KeyWriter.STREAM,
                    KeyWriter.PREFIX + ">",
                    ",\"max_msgs_per_subject\":1,\"allow_rollup_hdrs\":true,\"deny_delete\":true,\"allow_direct\":true");
            AckingReader.create(api, STREAM);
        }
    }

    void start() {
        var started = new ArrayList<Endeavour>();
        for (int i = 0; i < writers; i++) {
            started.add(new StreamWriter(box.clientPort(), ledger, i, "led." + i, WINDOW, perSecond));
        }
        started.add(new KeyWriter(box.clientPort(), keys));
        started.add(new AckingReader(box.clientPort(), STREAM, acks));
        core = new CoreTraffic(box.clientPort());
        started.add(core);
        if (hub != null) {
            started.add(new StreamWriter(box.clientPort(), forwarded, 0, Hub.SUBJECT, WINDOW, perSecond));
        }
        started.forEach(Endeavour::start);
        running = started;
    }

    /** Lets all clients finish what they began. */
    void stop() {
        running.forEach(Endeavour::stop);
        running.forEach(Endeavour::join);
        running = List.of();
    }

    /** Ends all clients without waiting for answers; the server may hang or be gone. */
    void halt() {
        running.forEach(Endeavour::halt);
        running.forEach(Endeavour::join);
        running = List.of();
    }

    /** Of the core traffic. */
    Latencies core() {
        return core.latencies();
    }

    AckBook acks() {
        return acks;
    }

    Ledger ledger() {
        return ledger;
    }

    /** What the writers of the stream were answered since the last {@link #start}. */
    List<StreamWriter.Answers> answers() {
        return running.stream()
                .filter(StreamWriter.class::isInstance)
                .map(writer -> ((StreamWriter) writer).answers())
                .toList();
    }

    Mark mark() {
        return new Mark(ledger.mark(), keys.mark(), acks.mark());
    }

    void rewind(Mark mark) {
        ledger.rewind(mark.ledger);
        keys.rewind(mark.keys);
        acks.rewind(mark.acks);
    }

    /** Reads the stream and the bucket; the consumer and the forwarding may be behind. */
    Findings look() {
        try (JetStreamApi api = JetStreamApi.open(box.clientPort())) {
            JetStreamApi.Reading reading = api.readIds(STREAM);
            return new Findings(
                    ledger.judge(reading.entries(), reading.damaged().size()),
                    keys.judge(bucket(api)),
                    acks,
                    List.of(),
                    null);
        }
    }

    /** Waits until the consumer and the forwarding have come to the end, and reads everything. */
    Findings check() {
        var last = new AckingReader(box.clientPort(), STREAM, acks);
        last.start();
        try (JetStreamApi api = JetStreamApi.open(box.clientPort())) {
            Deadline.await("the consumer comes to the end", DRAIN, () -> AckingReader.open(api, STREAM) == 0);
            JetStreamApi.Reading reading = api.readIds(STREAM);
            Verdict upstream = null;
            if (hub != null) {
                JetStreamApi.Reading there = hub.read(forwarded.acknowledged(), DRAIN);
                upstream = forwarded.judge(there.entries(), there.damaged().size());
            }
            return new Findings(
                    ledger.judge(reading.entries(), reading.damaged().size()),
                    keys.judge(bucket(api)),
                    acks,
                    acks.skipped(reading.entries()),
                    upstream);
        } finally {
            last.stop();
            last.join();
        }
    }

    private static Map<String, String> bucket(JetStreamApi api) {
        var bucket = new HashMap<String, String>();
        api.read(KeyWriter.STREAM, 1, (seq, message) -> {
            String key = message.subject().substring(KeyWriter.PREFIX.length());
            if (message.header().length > 0) {
                bucket.remove(key);
            } else {
                bucket.put(key, new String(message.payload(), StandardCharsets.US_ASCII));
            }
        });
        return bucket;
    }
}
