package io.leafd.http;

import io.leafd.jetstream.JetStreamStats;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the pages show beside the broker itself: published snapshots, given by whoever wires the parts. Any thread. */
public interface Sources {
    /** Streams now; null where JetStream is off. */
    @Nullable
    JetStreamStats jetStream();

    /** Leaf connections now, out and in. */
    List<Leaf> leafs();

    /** Configured upstreams now. */
    List<Upstream> upstreams();

    /** Why local clients can't be served fully now, null if they can. What is lost for good is no such reason. */
    @Nullable
    String trouble();

    /** What the store lost or found damaged since the start, one entry for each stream concerned; empty where JetStream is off. */
    List<Loss> losses();

    /** The store's directory and its budget; null where JetStream is off. */
    @Nullable
    Disk disk();

    /**
     * One leaf connection.
     *
     * @param spoke whether we dialled it
     * @param rttNs last measured, 0 for none
     */
    record Leaf(
            long id,
            String name,
            boolean spoke,
            String account,
            String ip,
            int port,
            long rttNs,
            long inMessages,
            long outMessages,
            long inBytes,
            long outBytes,
            int subscriptions) {}

    /**
     * One upstream.
     *
     * @param state one word: waiting, handshaking, connected, stopped
     * @param connects connections established since the start
     * @param rttNs last measured, 0 for none
     * @param budget null for none
     */
    record Upstream(
            String name,
            String account,
            String state,
            long rttNs,
            long connects,
            @Nullable String lastError,
            @Nullable Budget budget,
            List<Backlog> forwards) {}

    /**
     * What may be sent to an upstream in the running period.
     *
     * @param nextInMs until the next period begins
     * @param usedUp whether forwards wait for that
     */
    record Budget(long spentBytes, long limitBytes, long nextInMs, boolean usedUp) {}

    /**
     * What one forward still has to send.
     *
     * @param etaMs until it is empty at this rate, -1 if that can't be told
     */
    record Backlog(
            String name,
            long messages,
            long bytes,
            long oldestAgeMs,
            long confirmed,
            double messagesPerSecond,
            long etaMs,
            int parked,
            long resends) {}

    /**
     * Messages of one stream that are lost or damaged.
     *
     * @param messages how many
     * @param ranges which ones; not all if there are very many
     */
    record Loss(String account, String stream, long messages, List<Range> ranges) {}

    /**
     * Sequences that are lost or damaged.
     *
     * @param reason for people
     */
    record Range(long firstSeq, long lastSeq, String reason) {}

    /**
     * The data directory.
     *
     * @param usedBytes of it
     * @param maxBytes its budget
     * @param freeBytes of its file system
     */
    record Disk(String directory, long usedBytes, long maxBytes, long freeBytes) {}
}
