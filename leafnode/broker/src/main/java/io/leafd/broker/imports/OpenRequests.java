package io.leafd.broker.imports;

import io.leafd.protocol.Subject;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where the answers to requests go that have crossed into another account, for all imports together. Any thread.
 *
 * <p>Bounds: a request waits for its answer for two minutes, as on nats-server; above {@value #BYTES_MAX} bytes the oldest one
 * waits no longer.
 */
final class OpenRequests {
    static final int BYTES_MAX = 2 << 20;

    private static final long WAITING_NS = TimeUnit.MINUTES.toNanos(2);
    /** On the heap beside the two subjects: an entry of the map, the record, two subjects of about 20 bytes. */
    private static final int ENTRY_BYTES = 200;

    private final LongSupplier clock;
    private final Map<Subject, Open> open = new LinkedHashMap<>(); // oldest first; guarded by this
    private long bytes; // guarded by this

    private record Open(Subject asked, long untilNs) {
        int bytes() {
            return ENTRY_BYTES + asked.length();
        }
    }

    OpenRequests(LongSupplier clock) {
        this.clock = clock;
    }

    /** The first answer to {@code reply} is to go to {@code asked}. */
    synchronized void add(Subject reply, Subject asked) {
        long nowNs = clock.getAsLong();
        var added = new Open(asked, nowNs + WAITING_NS);
        bytes += added.bytes();
        Iterator<Open> oldest = open.values().iterator();
        while (oldest.hasNext()) {
            Open old = oldest.next();
            if (bytes <= BYTES_MAX && old.untilNs - nowNs > 0) {
                break;
            }
            bytes -= old.bytes();
            oldest.remove();
        }
        open.put(reply, added);
    }

    /** Where an answer to {@code reply} goes, or null if none is waited for. The next one goes nowhere. */
    synchronized @Nullable Subject take(Subject reply) {
        Open found = open.remove(reply);
        if (found == null) {
            return null;
        }
        bytes -= found.bytes();
        return found.untilNs - clock.getAsLong() > 0 ? found.asked : null;
    }
}
