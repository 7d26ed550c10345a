package io.leafd.bench.load;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;

/** A client that fetches a stream in batches through a durable pull consumer and acknowledges each message. */
public final class PullConsume implements AutoCloseable {
    private static final int BATCH = 500;
    private static final String INBOX = "_INBOX.bench.pull";
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private final Wire wire;
    private final byte[] fetch;
    private final byte[] acknowledgements = new byte[64 * 1024];

    /** Makes the consumer and connects the client. */
    public PullConsume(int port, String stream, String consumer) {
        wire = Wire.open(port);
        wire.request(
                "$JS.API.CONSUMER.DURABLE.CREATE.%s.%s".formatted(stream, consumer), """
                {"stream_name":"%s","config":{"durable_name":"%s","ack_policy":"explicit","deliver_policy":"all"}}""".formatted(stream, consumer));
        wire.subscribe(INBOX, "1");
        fetch = Frames.pub(
                "$JS.API.CONSUMER.MSG.NEXT.%s.%s".formatted(stream, consumer),
                INBOX,
                "{\"batch\":%d,\"expires\":5000000000}".formatted(BATCH));
    }

    /** Fetches so many messages; returns the nanoseconds it took until the server had read the last acknowledgement. */
    public long run(long messages) {
        List<Callable<Long>> works = List.of(() -> consume(messages));
        return Crew.run(works, LIMIT).getFirst();
    }

    private long consume(long messages) {
        long startNs = System.nanoTime();
        long got = 0;
        long ofBatch = BATCH;
        while (got < messages) {
            if (ofBatch == BATCH) {
                wire.send(fetch);
                ofBatch = 0;
            }
            long taken = takeMessages();
            got += taken;
            ofBatch += taken;
        }
        wire.sync();
        return System.nanoTime() - startNs;
    }

    /** Acknowledges all messages that are there, in one write. */
    private long takeMessages() {
        wire.awaitMessage();
        long taken = 0;
        int length = 0;
        do {
            if (wire.messages().status()) {
                throw new IllegalStateException(
                        "the fetch ended early: " + wire.messages().body());
            }
            length = acknowledge(length);
            taken++;
            if (length > acknowledgements.length - 1024) {
                wire.send(acknowledgements, length);
                length = 0;
            }
        } while (wire.messages().next());
        wire.send(acknowledgements, length);
        return taken;
    }

    private int acknowledge(int at) {
        int length = append("PUB ", at);
        length = wire.messages().copyReply(acknowledgements, length);
        return append(" 4\r\n+ACK\r\n", length);
    }

    private int append(String text, int at) {
        for (int i = 0; i < text.length(); i++) {
            acknowledgements[at + i] = (byte) text.charAt(i);
        }
        return at + text.length();
    }

    @Override
    public void close() {
        wire.close();
    }
}
