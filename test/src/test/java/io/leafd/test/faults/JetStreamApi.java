package io.leafd.test.faults;

import io.leafd.test.peer.JsonTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Requests to a server's JetStream, and the reading of whole streams. Owned by one thread. */
final class JetStreamApi implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int BATCH = 500;
    private static final int ANSWERS = 1;
    private static final int MESSAGES = 2;
    private static final int STREAM_NOT_FOUND = 10059;
    private static final int ACK_STREAM_SEQ = 5;
    private static final int ACK_PENDING = 8;

    private final WireClient client;
    private int requests;

    /** Called for each message that is read. */
    interface Visitor {
        void visit(long seq, WireClient.Delivery message);
    }

    private JetStreamApi(WireClient client) {
        this.client = client;
    }

    static JetStreamApi open(int port) {
        try {
            WireClient client = WireClient.open(port);
            client.subscribe("_INBOX.api.*", ANSWERS);
            return new JetStreamApi(client);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends a request below {@code $JS.API.} and fails if the server answers with an error. */
    JsonTree request(String verb, String body) {
        JsonTree answer = attempt(verb, body);
        if (answer.has("error")) {
            throw new AssertionError(verb + " " + body + ": " + answer);
        }
        return answer;
    }

    /** The same, for answers that may be errors. */
    JsonTree attempt(String verb, String body) {
        WireClient.Delivery answer = ask("$JS.API." + verb, body.getBytes(StandardCharsets.UTF_8), LIMIT);
        if (answer.status() != 0) {
            throw new AssertionError("%s: status %d".formatted(verb, answer.status()));
        }
        return JsonTree.of(answer.payload());
    }

    /** A plain request. */
    WireClient.Delivery ask(String subject, byte[] body, Duration limit) {
        try {
            String reply = "_INBOX.api." + ++requests;
            client.publish(subject, reply, body);
            client.flush();
            long endNs = System.nanoTime() + limit.toNanos();
            while (true) {
                WireClient.Delivery answer = client.next(Duration.ofNanos(Math.max(1, endNs - System.nanoTime())));
                if (answer == null) {
                    throw new AssertionError("no answer to %s within %s".formatted(subject, limit));
                }
                if (answer.subject().equals(reply)) {
                    return answer;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next message of a consumer, or the status that there is none. */
    WireClient.Delivery next(String stream, String consumer) {
        try {
            String inbox = "_INBOX.next." + ++requests;
            client.subscribe(inbox, MESSAGES);
            client.publish(
                    "$JS.API.CONSUMER.MSG.NEXT.%s.%s".formatted(stream, consumer),
                    inbox,
                    "{\"batch\":1,\"expires\":5000000000}".getBytes(StandardCharsets.US_ASCII));
            client.flush();
            WireClient.Delivery message = client.next(LIMIT);
            client.unsubscribe(MESSAGES);
            if (message == null) {
                throw new AssertionError("no message of consumer %s of %s".formatted(consumer, stream));
            }
            return message;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes a file stream that keeps everything. */
    void createStream(String name, String subjects, String more) {
        request(
                "STREAM.CREATE." + name,
                "{\"name\":\"%s\",\"subjects\":[\"%s\"],\"storage\":\"file\",\"retention\":\"limits\",\"discard\":\"new\",\"num_replicas\":1,\"max_consumers\":-1,\"max_msgs\":-1,\"max_bytes\":-1%s}"
                        .formatted(name, subjects, more));
    }

    JsonTree streamInfo(String name) {
        return request("STREAM.INFO." + name, "");
    }

    /** Gives each message of the stream from a sequence on to the visitor, by a consumer that is made for it. */
    void read(String stream, long fromSeq, Visitor visitor) {
        String consumer = "reader-%d-%d".formatted(System.nanoTime(), requests);
        JsonTree made = attempt(
                "CONSUMER.CREATE.%s.%s".formatted(stream, consumer),
                "{\"stream_name\":\"%s\",\"config\":{\"name\":\"%s\",\"ack_policy\":\"none\",\"deliver_policy\":\"by_start_sequence\",\"opt_start_seq\":%d,\"replay_policy\":\"instant\",\"inactive_threshold\":60000000000,\"mem_storage\":true}}"
                        .formatted(stream, consumer, fromSeq));
        if (made.has("error") && made.number("error.err_code") == STREAM_NOT_FOUND) {
            return; // the server lost the whole stream: the book will say what was in it
        }
        if (made.has("error")) {
            throw new AssertionError("reading " + stream + ": " + made);
        }
        try {
            String inbox = "_INBOX.read." + consumer;
            client.subscribe(inbox, MESSAGES);
            long pending = 1;
            while (pending > 0) {
                client.publish(
                        "$JS.API.CONSUMER.MSG.NEXT.%s.%s".formatted(stream, consumer),
                        inbox,
                        "{\"batch\":%d,\"no_wait\":true}".formatted(BATCH).getBytes(StandardCharsets.US_ASCII));
                client.flush();
                pending = batch(stream, visitor);
            }
            client.unsubscribe(MESSAGES);
            request("CONSUMER.DELETE.%s.%s".formatted(stream, consumer), "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads one batch; returns how many messages are left behind it. */
    private long batch(String stream, Visitor visitor) throws IOException {
        long pending = 0;
        for (int i = 0; i < BATCH; ) {
            WireClient.Delivery message = client.next(LIMIT);
            if (message == null) {
                throw new AssertionError("a batch of stream %s stops after %d messages".formatted(stream, i));
            }
            if (message.sid() != MESSAGES) {
                continue;
            }
            if (message.status() != 0) {
                return i == 0 ? 0 : pending;
            }
            String[] ack = message.reply().split("\\.", -1);
            visitor.visit(Long.parseLong(ack[ACK_STREAM_SEQ]), message);
            pending = Long.parseLong(ack[ACK_PENDING]);
            i++;
            if (pending == 0) {
                return 0;
            }
        }
        return pending;
    }

    /** Reads a stream whose writers wrote {@link MessageId}s. */
    Reading readIds(String stream) {
        return readIds(stream, id -> {});
    }

    /** The same, telling each message as it comes. */
    Reading readIds(String stream, Consumer<MessageId> each) {
        var entries = new ArrayList<Ledger.Entry>();
        var damaged = new ArrayList<Long>();
        read(stream, 1, (seq, message) -> {
            MessageId id = MessageId.of(message.payload());
            if (id == null) {
                damaged.add(seq);
            } else {
                entries.add(new Ledger.Entry(seq, id));
                each.accept(id);
            }
        });
        return new Reading(entries, damaged);
    }

    /**
     * A stream as a reader found it.
     *
     * @param damaged sequences of messages that nobody sent
     */
    record Reading(List<Ledger.Entry> entries, List<Long> damaged) {}

    @Override
    public void close() {
        client.close();
    }
}
