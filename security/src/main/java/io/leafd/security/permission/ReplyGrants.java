package io.leafd.security.permission;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The reply subjects that one connection may answer because it was delivered a request. Owned by the connection's thread.
 *
 * <p>Ask {@link Permissions#mayPublish} first, and {@link #use} only if it said no: an answer that is allowed anyway costs
 * no grant. A grant overrides a deny entry, as observed on nats-server 2.15.
 *
 * <p>Bounds: {@value #GRANTS_MAX} grants. All live equally long, so the oldest makes room for a new one.
 */
public final class ReplyGrants {
    static final int GRANTS_MAX = 4096;

    private final ResponseLimit limit;
    private final Map<String, Grant> grants = new LinkedHashMap<>();

    /** One reply subject: the answers given, and when the request was delivered. */
    private static final class Grant {
        private final long deliveredNs;
        private int answers;

        private Grant(long deliveredNs) {
            this.deliveredNs = deliveredNs;
        }
    }

    /** No grants yet. */
    public ReplyGrants(ResponseLimit limit) {
        this.limit = limit;
    }

    /**
     * A message with this reply subject was delivered to the connection. A second delivery with the same one starts anew.
     *
     * @param nowNs monotonic clock
     */
    public void delivered(String reply, long nowNs) {
        grants.remove(reply);
        forget(nowNs);
        grants.put(reply, new Grant(nowNs));
    }

    /** Drops the oldest while they are expired or there is no room for one more. */
    private void forget(long nowNs) {
        Iterator<Grant> oldest = grants.values().iterator();
        while (oldest.hasNext() && (expired(oldest.next(), nowNs) || grants.size() >= GRANTS_MAX)) {
            oldest.remove();
        }
    }

    /**
     * Uses up one answer to the subject.
     *
     * @param nowNs monotonic clock
     * @return whether the connection may publish this message
     */
    public boolean use(String subject, long nowNs) {
        Grant grant = grants.get(subject);
        if (grant == null) {
            return false;
        }
        if (expired(grant, nowNs)) {
            grants.remove(subject);
            return false;
        }
        grant.answers++;
        if (limit.answersMax() != ResponseLimit.UNLIMITED && grant.answers >= limit.answersMax()) {
            grants.remove(subject);
        }
        return true;
    }

    private boolean expired(Grant grant, long nowNs) {
        return !limit.expiry().isZero()
                && nowNs - grant.deliveredNs > limit.expiry().toNanos();
    }

    /** How many reply subjects may be answered now, expired ones included. */
    int size() {
        return grants.size();
    }
}
