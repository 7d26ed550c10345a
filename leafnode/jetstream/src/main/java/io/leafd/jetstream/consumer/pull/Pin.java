package io.leafd.jetstream.consumer.pull;

import org.jspecify.annotations.Nullable;

/** Which client of a priority group is served, while the others stand by. Owned by its {@link PullQueue}. */
final class Pin {
    private final PullPort port;
    private @Nullable String id;
    private String group = "";
    private long givenAtNs;
    private long expiresAtNs;

    Pin(PullPort port) {
        this.port = port;
    }

    boolean held() {
        return id != null;
    }

    boolean isHeldBy(PullRequest request) {
        return request.pin().equals(id);
    }

    @Nullable
    String id() {
        return id;
    }

    long givenAtNs() {
        return givenAtNs;
    }

    /** Gives a new pin to the client of this request. */
    void give(PullRequest request, long lifeNs, long nowNs) {
        String made = port.newPin();
        id = made;
        group = request.body().group().name();
        givenAtNs = nowNs;
        request.pin(made);
        renew(lifeNs, nowNs);
        port.onPinned(group, made);
    }

    /** The pinned client asked again. */
    void renew(long lifeNs, long nowNs) {
        expiresAtNs = nowNs + lifeNs;
    }

    /** Takes the pin, silently. */
    void take() {
        id = null;
    }

    /** Takes the pin of a client that was silent for too long. */
    void expire(long nowNs) {
        if (id != null && nowNs - expiresAtNs >= 0) {
            id = null;
            port.onUnpinned(group, "timeout");
        }
    }

    long dueNs(long nowNs) {
        return id == null ? Long.MAX_VALUE : expiresAtNs - nowNs;
    }
}
