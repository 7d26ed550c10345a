package io.leafd.link.forward;

import io.leafd.link.forward.Backlog.Item;
import io.leafd.protocol.Message;
import java.util.List;
import java.util.Map;

/** Sets messages aside and brings them back. Owned by the store loop. */
final class Parking {
    static final long RETRY_NS = 3_600_000_000_000L;

    private final Parked parked;
    private final Backlog backlog;
    private final Window window;
    private final Envelope envelope;
    private long triedAtNs;

    Parking(Parked parked, Backlog backlog, Window window, Envelope envelope, long nowNs) {
        this.parked = parked;
        this.backlog = backlog;
        this.window = window;
        this.envelope = envelope;
        this.triedAtNs = nowNs - RETRY_NS;
    }

    /** Why this message cannot be sent, 0 if it can. */
    static int obstacle(Uplink link, Message message) {
        if (!link.maySend(message.subject())) {
            return Parked.DENIED;
        }
        return message.body().length > link.payloadMaxBytes() ? Parked.TOO_LARGE : 0;
    }

    /** {@link #obstacle} in words. */
    static String words(int obstacle, Message message) {
        return obstacle == Parked.DENIED
                ? "the upstream's permissions or the export list do not let subject \"" + message.subject()
                        + "\" through"
                : message.body().length + " bytes are more than the upstream's maximum payload";
    }

    /** Sets a message of the window, or the next one, aside. False if there is no more room for that. */
    boolean park(long seq, int reason) {
        if (parked.full() && !parked.contains(seq)) {
            return false;
        }
        parked.add(seq, reason);
        backlog.save(parked);
        window.pass(seq);
        return true;
    }

    /** A message is upstream after all. */
    void confirmed(long seq) {
        if (parked.remove(seq)) {
            backlog.save(parked);
        }
    }

    /** When those that the upstream refused are tried again, {@link Long#MAX_VALUE} if there are none. */
    long retryAtNs() {
        return parked.size() == 0 ? Long.MAX_VALUE : triedAtNs + RETRY_NS;
    }

    /** Puts those that have a chance now back into the window: they are due. */
    void retry(Uplink link, long nowNs) {
        boolean retryRefused = nowNs - triedAtNs >= RETRY_NS;
        if (retryRefused) {
            triedAtNs = nowNs;
        }
        boolean gone = false;
        for (Map.Entry<Long, Integer> entry : List.copyOf(parked.reasons().entrySet())) {
            long seq = entry.getKey();
            if (window.contains(seq)) {
                continue;
            }
            List<Item> items = backlog.read(seq, 1, 1);
            if (items.isEmpty() || items.getFirst().seq() != seq) {
                gone |= parked.remove(seq);
                continue;
            }
            Item item = items.getFirst();
            if (entry.getValue() > 0 ? retryRefused : obstacle(link, envelope.of(item)) == 0) {
                window.restore(seq, item.message().subject(), item.bytes());
            }
        }
        if (gone) {
            backlog.save(parked);
        }
    }

    int size() {
        return parked.size();
    }
}
