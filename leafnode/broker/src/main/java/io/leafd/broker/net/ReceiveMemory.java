package io.leafd.broker.net;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bytes of unfinished messages of all connections together, and their bound. Any thread.
 *
 * <p>A message is parsed when all of it is there, so each connection may hold as much as the largest message. Fifty that begin
 * one at the same time, or never finish it, would fill a small heap. At the bound, connections that have sent nothing for some
 * seconds are closed, and who begins a message waits: it is read no further for the moment.
 */
final class ReceiveMemory {
    private static final Logger LOG = LoggerFactory.getLogger(ReceiveMemory.class);

    private final long maxBytes;
    private final long stalledMaxNs;
    private final AtomicLong heldBytes = new AtomicLong();
    private final Set<Connection> holders = ConcurrentHashMap.newKeySet();

    /**
     * For at most {@code maxBytes}, and what is being read when they are reached.
     *
     * @param stalledMax how long one may keep half a message and send nothing when memory is short
     */
    ReceiveMemory(long maxBytes, Duration stalledMax) {
        this.maxBytes = maxBytes;
        this.stalledMaxNs = stalledMax.toNanos();
    }

    /** Counts what a connection holds now instead of before. Called on the connection's loop. */
    void change(Connection connection, int beforeBytes, int nowBytes) {
        heldBytes.addAndGet(nowBytes - beforeBytes);
        if (nowBytes == 0) {
            holders.remove(connection);
        } else if (beforeBytes == 0) {
            holders.add(connection);
        }
    }

    /** Whether so many bytes more may be held; if not, closes those that let everybody wait. */
    boolean hasRoom(int bytes) {
        if (heldBytes.get() + bytes <= maxBytes) {
            return true;
        }
        long nowNs = System.nanoTime();
        for (Connection holder : holders) {
            if (nowNs - holder.lastReadNs() > stalledMaxNs) {
                LOG.warn(
                        "connection has sent half a message and goes silent while others need the memory, closing it"
                                + " remote={}:{}",
                        holder.remoteHost(),
                        holder.remotePort());
                holder.disconnect();
            }
        }
        return false;
    }
}
