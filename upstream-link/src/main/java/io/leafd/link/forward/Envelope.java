package io.leafd.link.forward;

import io.leafd.link.forward.Backlog.Item;
import io.leafd.protocol.Headers;
import io.leafd.protocol.Message;
import io.leafd.protocol.Subject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Makes the message that goes up from the one that was stored. Owned by the store loop.
 *
 * <p>Added: {@code Nats-Msg-Id} ({@link MessageIds}), {@code Leafd-Time} (when it was stored here, RFC 3339 with
 * milliseconds) and, with a stream that acknowledges, {@code Nats-Expected-Stream} and a reply subject that tells the
 * sequence. Removed: what the publisher asked of the local stream (expectations, batch, its own id) and where that stream
 * had it from, which the upstream does not let a publisher say.
 */
final class Envelope {
    private static final String[] LOCAL = {
        "Nats-Msg-Id", "Nats-Expected-", "Nats-Batch-", "Nats-Stream-Source", "Leafd-Time"
    };

    private final @Nullable String into;
    private final MessageIds ids;
    private final String replyPrefix;

    Envelope(@Nullable String into, MessageIds ids, String inbox) {
        this.into = into;
        this.ids = ids;
        this.replyPrefix = inbox + ".p";
    }

    Message of(Item item) {
        Message stored = item.message();
        byte[] headers = Arrays.copyOf(stored.body(), stored.headerLength());
        byte[] kept = headers.length == 0 ? headers : Headers.without(headers, LOCAL);
        String id = ids.of(item.seq());
        String time = Instant.EPOCH
                .plusNanos(item.timestampNs())
                .truncatedTo(ChronoUnit.MILLIS)
                .toString();
        if (into == null) {
            byte[] all = Headers.with(kept, "Nats-Msg-Id", id, "Leafd-Time", time);
            return Message.withHeaders(stored.subject(), null, all, stored.payload());
        }
        byte[] all = Headers.with(kept, "Nats-Msg-Id", id, "Nats-Expected-Stream", into, "Leafd-Time", time);
        Subject reply = Subject.of(replyPrefix + Long.toString(item.seq(), Character.MAX_RADIX));
        return Message.withHeaders(stored.subject(), reply, all, stored.payload());
    }

    /** The sequence that a reply subject of {@link #of} tells, 0 if it is another subject. */
    long seqOf(String reply) {
        if (!reply.startsWith(replyPrefix)) {
            return 0;
        }
        try {
            return Long.parseLong(reply, replyPrefix.length(), reply.length(), Character.MAX_RADIX);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
