package io.leafd.jetstream.consumer.pull;

import io.leafd.jetstream.consumer.config.PriorityPolicy;
import io.leafd.jetstream.json.InvalidJson;
import io.leafd.protocol.Subject;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The open pull requests of a consumer, in the order in which they are served. Owned by the store loop; pure.
 *
 * <pre>
 *   offer ──▶ priority 0 [ r3 r1 ]       serve: the first request of the first priority that is not empty
 *             priority 1 [ ]             gets one message and goes behind the others of its priority
 *             …                          while it wants more: two requests for two get 1, 3 and 2, 4
 *             unnamed    [ r2 ]
 * </pre>
 *
 * <p>Without the policy {@code prioritized} all requests stand in one line. A request ends in exactly one way: served
 * (silently, or with a status if it leaves bytes open), expired, out of data if it does not wait, too small for the next
 * message, without its pin, or without anybody listening (silently). Source: observed on nats-server 2.15 and its source.
 *
 * <p>Bound: {@code max_waiting}.
 */
public final class PullQueue {
    private static final int LINES = PullRequest.UNNAMED_PRIORITY + 1;

    private final PullPort port;
    private final Pin pin;
    private final Deque<PullRequest>[] lines = newLines();
    private PullTerms terms;
    private int size;
    private int impatient; // requests that end at the end of data
    private long activeAtNs;
    /** No request and no pin is due earlier; valid if {@code hasDue}. */
    private long dueAtNs;

    private boolean hasDue;

    public PullQueue(PullTerms terms, PullPort port, long nowNs) {
        this.terms = terms;
        this.port = port;
        this.pin = new Pin(port);
        this.activeAtNs = nowNs;
    }

    /** Changes what requests may ask; open ones stay as they are. */
    public void terms(PullTerms changed) {
        terms = changed;
    }

    /**
     * Takes a request in, or answers it.
     *
     * @param pending messages that could be delivered now, redeliveries included
     */
    public void offer(Subject reply, byte[] payload, long pending, long nowNs) {
        PullBody body;
        try {
            body = PullBody.parse(payload);
        } catch (InvalidJson e) {
            port.status(
                    reply, PullStatus.badRequest(String.valueOf(e.getMessage())).headers());
            return;
        }
        PullStatus refusal = refusal(body, pending, nowNs);
        if (refusal != null) {
            // Silence makes a client with heartbeats notice and slow down; a status would make it ask again at once.
            if (refusal != PullStatus.MAX_WAITING || body.heartbeatNs() <= 0) {
                port.status(reply, refusal.headers());
            }
            return;
        }
        var request = new PullRequest(reply, body, nowNs);
        lines[lineOf(request)].addLast(request);
        size++;
        impatient += body.noWait() ? 1 : 0;
        activeAtNs = nowNs;
        due(request.dueNs(nowNs), nowNs);
    }

    /**
     * The request that gets the next message, which is counted as delivered to it; null if none can take it. The caller sends
     * the message and then calls {@link #sent}.
     *
     * @param bytes size of the message: subject, reply, headers, payload
     * @param pending messages not delivered yet, this one included
     * @param ackPending messages not acknowledged
     */
    public @Nullable PullRequest claim(long bytes, long pending, int ackPending, long nowNs) {
        int passed = 0;
        while (passed < size) {
            Deque<PullRequest> line = firstLine();
            PullRequest request = line.getFirst();
            if (request.expired(nowNs)) {
                end(line, request, PullStatus.TIMEOUT);
                continue;
            }
            boolean pinned = false;
            if (terms.policy() == PriorityPolicy.PINNED_CLIENT) {
                if (!pin.held() && request.pin().isEmpty() && request.body().formal()) {
                    pin.give(request, terms.pinNs(), nowNs);
                    due(terms.pinNs(), nowNs);
                    pinned = true;
                } else if (!request.pin().isEmpty() && !pin.isHeldBy(request)) {
                    end(line, request, PullStatus.WRONG_PIN);
                    continue;
                } else if (pin.held() && !pin.isHeldBy(request)) {
                    rotate(line);
                    passed++;
                    continue;
                }
            }
            if (terms.policy() == PriorityPolicy.OVERFLOW && !overflows(request, pending, ackPending)) {
                rotate(line);
                passed++;
                continue;
            }
            if (!request.take(bytes)) {
                if (pinned) {
                    pin.take();
                }
                end(line, request, PullStatus.TOO_LARGE);
                continue;
            }
            if (!port.hasInterest(request.reply())) {
                drop(line, request);
                continue;
            }
            serve(line, request, nowNs);
            return request;
        }
        return null;
    }

    /** Ends a request that got all it wanted but leaves bytes open. Called behind each message that {@link #claim} led to. */
    public void sent(PullRequest request) {
        if (request.left() <= 0 && request.bytesLeft() > 0) {
            port.status(request.reply(), PullStatus.COMPLETED.headers(0, request.bytesLeft()));
        }
    }

    /**
     * Ends requests whose time is over, sends heartbeats that are due.
     *
     * @param endOfData whether there is nothing to deliver: ends the requests that do not wait
     */
    public void sweep(boolean endOfData, long nowNs) {
        pin.expire(nowNs);
        hasDue = false;
        due(pin.dueNs(nowNs), nowNs);
        for (Deque<PullRequest> line : lines) {
            for (Iterator<PullRequest> requests = line.iterator(); requests.hasNext(); ) {
                PullRequest request = requests.next();
                PullStatus end = ending(request, endOfData, nowNs);
                if (end != null || !port.hasInterest(request.reply())) {
                    requests.remove();
                    forget(request);
                    if (end != null) {
                        port.status(request.reply(), headers(end, request));
                    }
                    continue;
                }
                if (request.heartbeatDue(nowNs)) {
                    port.heartbeat(request.reply());
                    request.heartbeatFrom(nowNs);
                }
                due(request.dueNs(nowNs), nowNs);
            }
        }
    }

    /** Nanoseconds until {@link #sweep} has something to do, {@link Long#MAX_VALUE} for never; may be too early. */
    public long dueNs(long nowNs) {
        return hasDue ? Math.max(0, dueAtNs - nowNs) : Long.MAX_VALUE;
    }

    /** Whether some request ends at the end of data. */
    public boolean hasImpatient() {
        return impatient > 0;
    }

    /** Ends all requests with this status. */
    public void endAll(PullStatus status) {
        for (Deque<PullRequest> line : lines) {
            line.forEach(request -> port.status(request.reply(), status.headers()));
            line.clear();
        }
        size = 0;
        impatient = 0;
    }

    /** Takes the pin from the group's client. */
    public void unpin(String group) {
        pin.take();
        port.onUnpinned(group, "admin");
    }

    /** The name of the pin that messages carry, or null. */
    public @Nullable String pinId() {
        return pin.id();
    }

    /** When the pin was given, monotonic; only if there is one. */
    public long pinnedAtNs() {
        return pin.givenAtNs();
    }

    public int size() {
        return size;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    /** When a request came or was served last. */
    public long activeAtNs() {
        return activeAtNs;
    }

    /** Notes that the consumer is in use. */
    public void touch(long nowNs) {
        activeAtNs = nowNs;
    }

    /** Where the open requests' messages go. */
    public void forEachReply(Consumer<Subject> visitor) {
        for (Deque<PullRequest> line : lines) {
            line.forEach(request -> visitor.accept(request.reply()));
        }
    }

    private @Nullable PullStatus refusal(PullBody body, long pending, long nowNs) {
        PullStatus refusal = terms.refusal(body);
        if (refusal != null) {
            return refusal;
        }
        if (terms.policy() == PriorityPolicy.PINNED_CLIENT
                && pin.held()
                && !body.group().id().isEmpty()) {
            if (!body.group().id().equals(pin.id())) {
                return PullStatus.PIN_MISMATCH;
            }
            pin.renew(terms.pinNs(), nowNs);
        }
        if (size >= terms.maxWaiting()) {
            sweep(false, nowNs);
        }
        if (body.noWait()) {
            if (pending == 0 && body.expiresNs() <= 0) {
                activeAtNs = nowNs;
                return PullStatus.NO_MESSAGES;
            }
            if (pending > 0 && pending < wanted()) {
                activeAtNs = nowNs;
                return PullStatus.REQUESTS_PENDING;
            }
        }
        return size >= terms.maxWaiting() ? PullStatus.MAX_WAITING : null;
    }

    /** How a request ends now, or null if it stays. */
    private static @Nullable PullStatus ending(PullRequest request, boolean endOfData, long nowNs) {
        if (request.expired(nowNs)) {
            return PullStatus.TIMEOUT;
        }
        boolean outOfData = endOfData && request.body().noWait();
        return outOfData && (!request.expires() || request.hasDelivered()) ? PullStatus.NO_MESSAGES : null;
    }

    private static byte[] headers(PullStatus status, PullRequest request) {
        return status == PullStatus.NO_MESSAGES
                ? status.headers()
                : status.headers(request.left(), request.bytesLeft());
    }

    private static boolean overflows(PullRequest request, long pending, int ackPending) {
        PullBody.GroupTerms group = request.body().group();
        boolean conditional = group.minPending() > 0 || group.minAckPending() > 0;
        return !conditional
                || (group.minPending() > 0 && group.minPending() <= pending)
                || (group.minAckPending() > 0 && group.minAckPending() <= ackPending);
    }

    private void serve(Deque<PullRequest> line, PullRequest request, long nowNs) {
        request.deliver();
        request.heartbeatFrom(nowNs);
        activeAtNs = nowNs;
        if (request.left() <= 0) {
            drop(line, request);
        } else {
            rotate(line);
        }
    }

    private static void rotate(Deque<PullRequest> line) {
        if (line.size() > 1) {
            line.addLast(line.removeFirst());
        }
    }

    private void end(Deque<PullRequest> line, PullRequest first, PullStatus status) {
        drop(line, first);
        port.status(first.reply(), status.headers(first.left(), first.bytesLeft()));
    }

    private void drop(Deque<PullRequest> line, PullRequest first) {
        line.removeFirst();
        forget(first);
    }

    private void forget(PullRequest request) {
        size--;
        impatient -= request.body().noWait() ? 1 : 0;
    }

    private void due(long delayNs, long nowNs) {
        if (delayNs != Long.MAX_VALUE && (!hasDue || nowNs + delayNs - dueAtNs < 0)) {
            hasDue = true;
            dueAtNs = nowNs + delayNs;
        }
    }

    /** Messages that the open requests still want. */
    private long wanted() {
        long wanted = 0;
        for (Deque<PullRequest> line : lines) {
            for (PullRequest request : line) {
                wanted += request.left();
            }
        }
        return wanted;
    }

    private Deque<PullRequest> firstLine() {
        for (Deque<PullRequest> line : lines) {
            if (!line.isEmpty()) {
                return line;
            }
        }
        throw new IllegalStateException(size + " requests in empty lines");
    }

    private int lineOf(PullRequest request) {
        return terms.policy() == PriorityPolicy.PRIORITIZED ? request.priority() : 0;
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // there are no arrays of a generic type
    private static Deque<PullRequest>[] newLines() {
        var made = new Deque[LINES];
        for (int i = 0; i < LINES; i++) {
            made[i] = new ArrayDeque<PullRequest>(0);
        }
        return made;
    }
}
