package io.leafd.bench.load;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;

/** One client that asks, one that answers, one question at a time. One run at a time. */
public final class RequestReply implements AutoCloseable {
    private static final String SUBJECT = "bench.ask";
    private static final String INBOX = "_INBOX.bench.ask";
    private static final int PAYLOAD_BYTES = 128;
    private static final Duration TAIL_MAX = Duration.ofSeconds(30);

    private final Wire asking;
    private final Wire answering;
    private volatile boolean done;

    /** Connects both clients. */
    public RequestReply(int port) {
        answering = Wire.open(port);
        answering.subscribe(SUBJECT, "1");
        asking = Wire.open(port);
        asking.subscribe(INBOX, "1");
    }

    /** Asks for so long. */
    public Latencies run(Duration duration) {
        done = false;
        long endNs = System.nanoTime() + duration.toNanos();
        List<Callable<Latencies>> works = List.of(() -> ask(endNs), this::answer);
        return Crew.run(works, duration.plus(TAIL_MAX)).getFirst();
    }

    private Latencies ask(long endNs) {
        byte[] request = Frames.pub(SUBJECT, INBOX, PAYLOAD_BYTES);
        var latencies = new Latencies();
        long nowNs = System.nanoTime();
        while (nowNs < endNs) {
            asking.send(request);
            asking.awaitMessage();
            long answeredNs = System.nanoTime();
            latencies.add(answeredNs - nowNs);
            nowNs = answeredNs;
        }
        done = true;
        asking.send(request); // the answering client sees the end when it is asked once more
        asking.awaitMessage();
        return latencies;
    }

    /** Answers by the reply subject of the question, as any service does. */
    private Latencies answer() {
        byte[] head = Frames.ascii("PUB ");
        byte[] tail = Frames.ascii(" %d\r\n%s\r\n".formatted(PAYLOAD_BYTES, "y".repeat(PAYLOAD_BYTES)));
        byte[] frame = new byte[1024];
        System.arraycopy(head, 0, frame, 0, head.length);
        boolean last;
        do {
            answering.awaitMessage();
            last = done;
            int length = answering.messages().copyReply(frame, head.length);
            System.arraycopy(tail, 0, frame, length, tail.length);
            answering.send(frame, length + tail.length);
        } while (!last);
        return new Latencies();
    }

    @Override
    public void close() {
        asking.close();
        answering.close();
    }
}
