package io.leafd.link;

import io.leafd.protocol.Subject;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Reply subjects of requests that have crossed, so that their answers may cross the other way. Any thread.
 *
 * <p>Bounds: {@value #ASKED_MAX} reply subjects, the oldest makes room; each lives for a time and for a number of answers. A
 * reply subject that is asked for again starts anew.
 */
final class Answers {
    static final int ASKED_MAX = 4096;

    /** No bound on the number of answers. */
    static final int UNLIMITED = Integer.MAX_VALUE;

    /** How long an answer may take. */
    static final Duration EXPIRY = Duration.ofMinutes(2);

    private final int answersMax;
    private final long expiryNs;
    private final ConcurrentHashMap<Subject, Grant> grants = new ConcurrentHashMap<>();
    private final Queue<Asked> order = new ConcurrentLinkedQueue<>();

    private record Grant(long askedAtNs, AtomicInteger left) {}

    private record Asked(Subject reply, Grant grant) {}

    /** No requests yet; each may be answered {@code answersMax} times within {@code expiry}. */
    Answers(int answersMax, Duration expiry) {
        this.answersMax = answersMax;
        this.expiryNs = expiry.toNanos();
    }

    /** A request with this reply subject has crossed. */
    void asked(Subject reply, long nowNs) {
        forget(nowNs);
        var grant = new Grant(nowNs, new AtomicInteger(answersMax));
        grants.put(reply, grant);
        order.add(new Asked(reply, grant));
    }

    /** Uses up one answer to this subject; false if none is due. */
    boolean use(Subject reply, long nowNs) {
        Grant grant = grants.get(reply);
        if (grant == null || nowNs - grant.askedAtNs > expiryNs) {
            return false;
        }
        int left = grant.left.getAndUpdate(n -> n == UNLIMITED ? n : Math.max(0, n - 1));
        if (left <= 1) {
            grants.remove(reply, grant);
        }
        return left > 0;
    }

    int size() {
        return grants.size();
    }

    private void forget(long nowNs) {
        for (Asked oldest = order.peek(); oldest != null; oldest = order.peek()) {
            boolean alive = grants.get(oldest.reply) == oldest.grant;
            if (alive && grants.size() < ASKED_MAX && nowNs - oldest.grant.askedAtNs <= expiryNs) {
                return;
            }
            if (order.remove(oldest)) {
                grants.remove(oldest.reply, oldest.grant);
            }
        }
    }
}
