package io.leafd.test.faults;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Publishes to a stream at a steady rate and keeps the book of what was acknowledged. Nothing is sent twice: a message without an
 * answer stays attempted.
 *
 * <p>Bounds: at most {@code window} messages are under way; one that has no answer after {@value #ANSWER_SECONDS} s is given up, unless
 * it is to be more {@link #patient}.
 */
final class StreamWriter extends Endeavour {
    private static final int ANSWER_SECONDS = 5;
    private static final Pattern SEQ = Pattern.compile("\"seq\":\\s*(\\d+)");
    private static final long LATE_NS = 100_000_000L;
    private static final Duration TICK = Duration.ofMillis(2);

    private final Ledger ledger;
    private final int index;
    private final IntFunction<String> subject;
    private final int window;
    private final long intervalNs;
    private final Answers answers = new Answers();
    private Duration patience = Duration.ofSeconds(ANSWER_SECONDS);
    private int sessions;

    /** Counts of what was answered; any thread may read them. */
    static final class Answers {
        final AtomicLong acknowledged = new AtomicLong();
        final AtomicLong refused = new AtomicLong();
        final AtomicLong unanswered = new AtomicLong();
        final AtomicLong refusalMaxNs = new AtomicLong();
        final AtomicLong refusedLate = new AtomicLong();
        final AtomicLong connections = new AtomicLong();
        volatile String lastRefusal = "";

        @Override
        public String toString() {
            return "acknowledged=%s refused=%s of those after 100 ms=%s slowest=%d ms unanswered=%s connections=%s last refusal=%s"
                    .formatted(
                            acknowledged,
                            refused,
                            refusedLate,
                            refusalMaxNs.get() / 1_000_000,
                            unanswered,
                            connections,
                            lastRefusal);
        }
    }

    /**
     * @param index page of the ledger
     * @param subject where to publish
     * @param window messages under way
     * @param perSecond rate; lower while the server is slower
     */
    StreamWriter(int port, Ledger ledger, int index, String subject, int window, int perSecond) {
        this(port, ledger, index, number -> subject, window, perSecond);
    }

    /**
     * The same, with a subject for each message.
     *
     * @param subject by the message's number
     */
    StreamWriter(int port, Ledger ledger, int index, IntFunction<String> subject, int window, int perSecond) {
        super("writer-" + index, port);
        this.ledger = ledger;
        this.index = index;
        this.subject = subject;
        this.window = window;
        this.intervalNs = 1_000_000_000L / perSecond;
    }

    /** Waits for each answer so long, which is said before it is started. */
    StreamWriter patient(Duration newPatience) {
        patience = newPatience;
        return this;
    }

    Answers answers() {
        return answers;
    }

    @Override
    void session(WireClient client) throws IOException {
        String inbox = "_INBOX.writer-%d.%d.%d.".formatted(index, ++sessions, System.nanoTime());
        answers.connections.incrementAndGet();
        var open = new LinkedHashMap<Integer, Long>();
        client.subscribe(inbox + "*", 1);
        long nextNs = System.nanoTime();
        try {
            while (!stopped() || !(open.isEmpty() || halted())) {
                long nowNs = System.nanoTime();
                while (!stopped() && open.size() < window && nextNs <= nowNs) {
                    MessageId id = ledger.attempt(index);
                    open.put(id.number(), nowNs);
                    client.publish(subject.apply(id.number()), inbox + id.number(), id.payload());
                    nextNs = Math.max(nextNs + intervalNs, nowNs - window * intervalNs);
                }
                client.flush();
                if (open.isEmpty()) {
                    LockSupport.parkNanos(Math.min(TICK.toNanos(), Math.max(0, nextNs - System.nanoTime())));
                    continue;
                }
                WireClient.Delivery answer = client.next(TICK);
                if (answer != null) {
                    answered(answer, inbox, open);
                }
                giveUp(open);
            }
        } finally {
            answers.unanswered.addAndGet(open.size());
        }
    }

    private void answered(WireClient.Delivery answer, String inbox, Map<Integer, Long> open) {
        int number = Integer.parseInt(answer.subject().substring(inbox.length()));
        Long sentNs = open.remove(number);
        if (sentNs == null) {
            return; // came after it had been given up: it stays attempted
        }
        String text = new String(answer.payload(), StandardCharsets.UTF_8);
        Matcher seq = SEQ.matcher(text);
        if (answer.status() == 0 && !text.contains("\"error\"") && seq.find()) {
            ledger.acknowledged(new MessageId(index, number), Long.parseLong(seq.group(1)));
            answers.acknowledged.incrementAndGet();
        } else {
            long waitedNs = System.nanoTime() - sentNs;
            answers.refused.incrementAndGet();
            answers.refusalMaxNs.accumulateAndGet(waitedNs, Math::max);
            if (waitedNs > LATE_NS) {
                answers.refusedLate.incrementAndGet();
            }
            answers.lastRefusal = answer.status() != 0 ? "status " + answer.status() : text;
        }
    }

    private void giveUp(Map<Integer, Long> open) {
        long nowNs = System.nanoTime();
        var oldest = open.entrySet().iterator();
        while (oldest.hasNext() && nowNs - oldest.next().getValue() > patience.toNanos()) {
            oldest.remove();
            answers.unanswered.incrementAndGet();
        }
    }
}
