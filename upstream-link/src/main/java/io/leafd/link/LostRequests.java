package io.leafd.link;

import io.leafd.protocol.Headers;
import io.leafd.protocol.LeafFrames;
import io.leafd.protocol.Message;
import io.leafd.protocol.Subject;
import io.leafd.protocol.json.JsonWriter;
import io.leafd.security.nkey.RandomNames;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the peer ask again for what it asked while the link was down. Owned by the connection's event loop.
 *
 * <p>A nats-server whose mirror or source hears nothing for ten seconds asks the origin for a new consumer. With the link down that
 * request is lost, but for 30 s the server waits for the answer and asks for nothing else, and after that for 10 s more with each
 * failure, up to two minutes. So after an outage of more than ten seconds the link may be up for minutes before the first stored
 * message moves. Observed on nats-server 2.15, whose own leaf nodes have to wait as well.
 *
 * <p>The only trace of such a request is the interest in its answer, {@code $JSC.R.<random>}, among the first that the peer tells:
 *
 * <pre>
 *   peer                                              leafd
 *   LS+ $JSC.R.xxxxxxxx, told at the start      ──▶   still wanted when all else has been answered: lost
 *                                               ◀──   an answer: "the consumer delivers to $JSC.R.yyyyyyyy"
 *   LS- $JSC.R.xxxxxxxx, LS+ $JSC.R.yyyyyyyy    ──▶   the mirror believes that it has its consumer
 *                                               ◀──   idle heartbeat: "delivered 1 so far"
 *   LS- $JSC.R.yyyyyyyy, CONSUMER.CREATE        ──▶   the mirror has missed one, and asks again at once
 * </pre>
 *
 * <p>What is answered says nothing of any stream, so it cannot lead to a wrong copy: the mirror forgets it with the heartbeat and asks
 * from behind what it has stored. A request that was meant for another origin, which is away as well, is merely asked again, too. An
 * error as the answer was rejected: it counts as a failure, which the server answers with a pause of its own.
 *
 * <p>Bounds: {@value #REQUESTS_MAX} requests of one connection; {@value #HEARTBEATS_MAX} heartbeats for each.
 */
final class LostRequests {
    static final int REQUESTS_MAX = 1024;

    private static final Logger LOG = LoggerFactory.getLogger(LostRequests.class);
    private static final String PREFIX = "$JSC.R.";
    private static final int NAME_LENGTH = 8;
    private static final int HEARTBEATS_MAX = 5;
    private static final long ANSWERED_BY_OTHERS_NS = Duration.ofMillis(250).toNanos();

    /** Time for the mirror to have settled behind the interest that it tells. */
    private static final long SETTLED_NS = Duration.ofMillis(100).toNanos();

    private static final long REPEATED_NS = Duration.ofSeconds(1).toNanos();

    private final LeafSession session;
    private final RandomNames names;
    private final Set<Subject> open = new HashSet<>();
    private final Map<Subject, Integer> believing = new HashMap<>(); // deliver subject to heartbeats that are left
    private Phase phase = Phase.LISTENING;

    private enum Phase {
        /** The peer tells its interest for the first time. */
        LISTENING,
        /** What is open may still be answered by others. */
        WAITING,
        /** What was open then has been answered. */
        DONE
    }

    LostRequests(LeafSession session, RandomNames names) {
        this.session = session;
        this.names = names;
    }

    /** The connection is established: what the peer tells before it answers a PING is what it has wanted since before. */
    void begin() {
        session.wire().control(LeafFrames.ping());
        session.pings().fenced(() -> {
            phase = open.isEmpty() ? Phase.DONE : Phase.WAITING;
            if (phase == Phase.WAITING) {
                session.wire().after(ANSWERED_BY_OTHERS_NS + session.pings().rttNs(), this::answer);
            }
        });
    }

    /** {@code LS+}. */
    void onInterest(Subject filter) {
        if (!filter.startsWith(PREFIX)) {
            return;
        }
        if (phase == Phase.LISTENING && open.size() < REQUESTS_MAX) {
            open.add(filter);
        } else if (believing.containsKey(filter)) {
            session.wire().after(SETTLED_NS, () -> heartbeat(filter));
        }
    }

    /** {@code LS-}. */
    void onNoInterest(Subject filter) {
        open.remove(filter);
        believing.remove(filter);
    }

    private void answer() {
        phase = Phase.DONE;
        var replies = new ArrayList<Message>();
        for (Subject reply : open) {
            Subject deliver = sibling(reply);
            if (session.mayAnswer(reply) && session.mayAnswer(deliver)) {
                believing.put(deliver, HEARTBEATS_MAX);
                replies.add(Message.of(reply, answer(deliver)));
            }
        }
        open.clear();
        if (!replies.isEmpty()) {
            LOG.info(
                    "requests of mirrors were lost with the link, making the peer ask again remote={} requests={}",
                    session.wire().remote(),
                    replies.size());
            send(replies);
        }
    }

    private void heartbeat(Subject deliver) {
        Integer left = believing.get(deliver);
        if (left == null || session.wire().closed()) {
            return; // it has asked again
        }
        if (left == 0) {
            believing.remove(deliver);
            return;
        }
        believing.put(deliver, left - 1);
        byte[] missed = Headers.status(100, "Idle Heartbeat", "Nats-Last-Consumer", "1", "Nats-Last-Stream", "0");
        send(List.of(Message.withHeaders(deliver, null, missed, new byte[0])));
        session.wire().after(REPEATED_NS, () -> heartbeat(deliver));
    }

    /** A subject that whoever may answer to {@code reply} may publish to. */
    private Subject sibling(Subject reply) {
        String text = reply.toString();
        return Subject.of(text.substring(0, text.lastIndexOf('.') + 1) + names.alphanumerics(NAME_LENGTH));
    }

    private byte[] answer(Subject deliver) {
        LeafBinding now = session.binding();
        boolean knowsFlowControl = now != null && now.peer().isAtLeast(2, 14); // and wants it of durable consumers
        return new JsonWriter()
                .object()
                .field("type", "io.nats.jetstream.api.v1.consumer_create_response")
                .field("stream_name", "")
                .field("name", deliver.toString().substring(deliver.toString().lastIndexOf('.') + 1))
                .field("created", "1970-01-01T00:00:00Z")
                .object("config")
                .field("deliver_subject", deliver.toString())
                .field("deliver_policy", "all")
                .field("ack_policy", knowsFlowControl ? "flow_control" : "none")
                .field("replay_policy", "instant")
                .end()
                .end()
                .toString()
                .getBytes(StandardCharsets.UTF_8);
    }

    private void send(List<Message> messages) {
        for (Message message : messages) {
            session.traffic().out(message.body().length);
        }
        session.wire().control(MessageFrames.of(messages, true));
    }
}
