package io.leafd.broker.net;

import io.leafd.broker.account.Account;
import io.leafd.broker.account.Accounts;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all subscriptions together hold on the heap, and their bound. Any thread.
 *
 * <p>{@code max_subscriptions} bounds those of one client; a thousand clients would fill the heap with a hundred each that name long
 * subjects. So there is a common bound in bytes. At it a SUB of a client is refused as nats-server refuses one beyond
 * {@code max_subscriptions}: {@code -ERR 'maximum subscriptions exceeded'}, and the connection stays. The same for a leaf that dialled
 * us. Streams, consumers and the API listen by internal subscriptions; these are counted and never refused, as they are as many as the
 * configuration and the streams want. Nor is what an upstream of our own wants: at the bound it is taken to want everything that may go
 * up. In the same way a leaf connection that can't keep each filter that it tells its peer tells of everything that may come in.
 *
 * <p>What is held is not counted as subscriptions come and go, it is looked up: each account's trie knows its size, which depends on
 * nothing but what is in it. So whatever way a subscription ends, what it held is free. Only what leaf connections keep of what they have
 * told their peers is added and taken back ({@link #changeTold}).
 *
 * <p>The bound is three eighths of the largest heap, 17 MiB of the 46 that Java names when it is started with {@code -Xmx48m}. At rest 11
 * MiB are live there, and unfinished messages may take a fourth ({@link ReceiveMemory}), so this is what can be spared while the young
 * generation still has room to work. It is enough for 120,000 subscriptions of 20 bytes. Above a fourth of it subscriptions are made {@link
 * io.leafd.broker.interest.Subscription#lean}.
 *
 * <p>Event loops keep answers of tries that are no longer current until their next message, and with them what was in them. So
 * whenever an eighth of the bound was let in, all loops are made to forget those.
 */
public final class SubscriptionMemory {
    /** What a peer is told that is refused. */
    public static final String REFUSED = "maximum subscriptions exceeded";

    private static final Logger LOG = LoggerFactory.getLogger(SubscriptionMemory.class);
    /** What a subscription takes beside its filter. */
    private static final int ABOUT_BYTES = 100;

    private static final long LOG_EVERY_NS = TimeUnit.MINUTES.toNanos(1);

    private final Accounts accounts;
    private final EventLoops loops;
    private final long maxBytes;
    private final AtomicLong toldBytes = new AtomicLong();
    private final AtomicLong letInBytes = new AtomicLong(); // about, since the loops were made to forget
    private final LongAdder refused = new LongAdder();
    private final AtomicLong loggedAtNs = new AtomicLong(System.nanoTime() - LOG_EVERY_NS);

    /** For at most {@code maxBytes}, and what one SUB on each loop may take that was let in below it. */
    SubscriptionMemory(Accounts accounts, EventLoops loops, long maxBytes) {
        this.accounts = accounts;
        this.loops = loops;
        this.maxBytes = maxBytes;
    }

    /** The bound for this process. */
    static long maxBytesOfHeap() {
        return Runtime.getRuntime().maxMemory() / 8 * 3;
    }

    /** What is held now. */
    public long heldBytes() {
        long held = toldBytes.get();
        for (Account account : accounts) {
            held += account.sublist().heapBytes();
        }
        return held;
    }

    /** Bytes that may be held. */
    public long maxBytes() {
        return maxBytes;
    }

    /** Subscriptions refused since the start. */
    public long refused() {
        return refused.sum();
    }

    /** Whether the bound is not reached. */
    public boolean hasRoom() {
        return heldBytes() < maxBytes;
    }

    /** Whether one more may be subscribed, with a filter of so many bytes. Not for every message: it asks all accounts. */
    public boolean letsIn(int filterBytes) {
        if (!hasRoom()) {
            return false;
        }
        long letIn = letInBytes.addAndGet(filterBytes + ABOUT_BYTES);
        if (letIn > maxBytes / 8 && letInBytes.compareAndSet(letIn, 0)) {
            loops.forgetStale();
        }
        return true;
    }

    /** Whether there is so much room that subscriptions may take some more to be quick. */
    boolean hasPlenty() {
        return heldBytes() < maxBytes / 4;
    }

    /**
     * Whether a leaf connection may keep more of what it has told its peer: up to half of the bound for all of them, and one more fourth
     * of the bound in all, so that a link that comes when clients have filled the memory tells what it can.
     */
    public boolean mayTell() {
        return toldBytes.get() < maxBytes / 2 && hasReserve();
    }

    /** Whether the fourth above the bound is not used up that is there for what can hardly be refused. */
    public boolean hasReserve() {
        return heldBytes() < maxBytes / 4 * 5;
    }

    /** What a leaf connection keeps of what it has told its peer has changed by so many bytes. */
    public void changeTold(long bytes) {
        toldBytes.addAndGet(bytes);
    }

    /**
     * Counts a refusal, and writes at most one line of log a minute.
     *
     * @param who kind and address of the peer, as {@code key=value}
     */
    public void refuse(String who) {
        refused.increment();
        long lastNs = loggedAtNs.get();
        long nowNs = System.nanoTime();
        if (nowNs - lastNs >= LOG_EVERY_NS && loggedAtNs.compareAndSet(lastNs, nowNs)) {
            LOG.warn(
                    "subscription refused, as all subscriptions together hold as much memory as they may; subscribe by wildcards"
                            + " instead of many subjects, or give leafd a larger heap, for example LEAFD_JAVA_OPTS=-Xmx128m in its"
                            + " environment {} held_bytes={} max_bytes={} refused_so_far={}",
                    who,
                    heldBytes(),
                    maxBytes,
                    refused());
        }
    }
}
