package io.leafd.broker.net;

import io.leafd.broker.account.Account;
import io.leafd.broker.interest.Delivery;
import io.leafd.broker.interest.Receivers;
import io.leafd.protocol.MessageView;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What one event loop does between two waits: reads, and the deliveries they cause. Owned by its loop.
 *
 * <p>Deliveries are not written where they arise. They are appended to the {@link Outbox} of their target, which is
 * remembered here, and {@link #end} flushes each touched outbox once. An outbox that lives on another loop gets its bytes
 * in one task per loop and turn. So the cost of a system call and of a thread hop is shared by all messages of a turn.
 *
 * <p>What other loops hand over waits in a queue that this loop empties by a task, and before each PONG. As a loop hands
 * over before it flushes its own outboxes, this holds between any two clients: what one published before its PONG is sent
 * to the other before a PONG for which the other asks afterwards (as on nats-server, where tests of programs rely on it).
 * The queue grows with the outboxes that are in it, and their bound is its bound.
 */
public final class Turn {
    /** Length of the array to parse in: one read of Netty, at most 64 KiB, behind the rest of the one before. */
    static final int SCRATCH_BYTES = 128 * 1024;

    private static final int STAGED_MAX_BYTES = 1024 * 1024;
    private static final int FRUGAL_FROM_BYTES = 2 * STAGED_MAX_BYTES;
    private static final int SHARED_FROM_BYTES = STAGED_MAX_BYTES;

    private final EventLoops loops;
    private final int index;
    private final EventLoop loop;
    private final Delivery delivery;
    private final IdentityHashMap<Account, MatchCache> caches = new IdentityHashMap<>();
    private final List<Outbox> touched = new ArrayList<>();
    private final Queue<Runnable> handedOver = new ConcurrentLinkedQueue<>();
    private final RandomGenerator random = new SplittableRandom();
    private final SpareArrays spares = new SpareArrays();
    private byte @Nullable [] scratch = new byte[SCRATCH_BYTES];
    private @Nullable Account lastAccount;
    private MatchCache lastCache = new MatchCache();
    private long inMessages;
    private long inBytes;
    private long outMessages;
    private long outBytes;
    private long stagedBytes; // about, since the last end
    private long bufferBytes; // of memory taken since the last end
    private @Nullable SharedTail shared;

    Turn(EventLoops loops, int index, EventLoop loop) {
        this.loops = loops;
        this.index = index;
        this.loop = loop;
        this.delivery = new Delivery(index);
    }

    /** Number of the loop, from 0. */
    public int index() {
        return index;
    }

    public EventLoop loop() {
        return loop;
    }

    /** The loop's random numbers, for choosing queue members. */
    RandomGenerator random() {
        return random;
    }

    /** What all outboxes of the server hold together. */
    SendMemory memory() {
        return loops.memory();
    }

    /** What all connections of the server keep of unfinished messages. */
    ReceiveMemory received() {
        return loops.received();
    }

    Turn sibling(int other) {
        return loops.turn(other);
    }

    Delivery delivery() {
        return delivery;
    }

    /** Who receives a subject in an account now. */
    Receivers match(Account account, byte[] buf, int offset, int length) {
        if (account != lastAccount) {
            lastAccount = account;
            lastCache = caches.computeIfAbsent(account, a -> new MatchCache());
        }
        return lastCache.match(account.sublist(), buf, offset, length);
    }

    /** Lets go of all answers of tries that are no longer current, and of the subscriptions in them. Called on this loop. */
    void forgetStale() {
        caches.forEach((account, cache) -> cache.forgetUnless(account.sublist()));
    }

    /** A buffer to read into, lent until {@link #giveBack}; another one if that is lent already. */
    public byte[] scratch() {
        byte[] lent = scratch;
        scratch = null;
        return lent == null ? new byte[SCRATCH_BYTES] : lent;
    }

    /** Takes back what {@link #scratch} lent. */
    public void giveBack(byte[] lent) {
        scratch = lent;
    }

    /** Arrays to keep unfinished messages in. */
    SpareArrays spares() {
        return spares;
    }

    void touch(Outbox outbox) {
        touched.add(outbox);
    }

    /** A message of {@code bytes} has come in. Called on this loop. */
    public void countIn(int bytes) {
        inMessages++;
        inBytes += bytes;
    }

    /** A message of {@code bytes} goes out. Called on this loop. */
    public void countOut(int bytes) {
        outMessages++;
        outBytes += bytes;
        stagedBytes += bytes;
    }

    /** Memory for what goes out was taken. Called on this loop. */
    void countBuffer(int bytes) {
        bufferBytes += bytes;
    }

    /** Whether so much was taken that nobody may take more than is needed now: there may be thousands. */
    boolean frugal() {
        return bufferBytes > FRUGAL_FROM_BYTES;
    }

    /** Has the end of the message's frames shared, until {@link #endSharing}, if copies for so many would be much. */
    void shareIfMuch(MessageView message, int readers) {
        if (readers > 1 && (long) message.bodyLength * readers > SHARED_FROM_BYTES) {
            if (message.tailLength == 0) {
                message.set(message.toMessage(), message.route);
            }
            shared = SharedTail.of(message, memory());
        }
    }

    void endSharing() {
        if (shared != null) {
            shared.done();
            shared = null;
        }
    }

    /** The end of the frames of the message that is being delivered, null if each has a copy. */
    @Nullable
    SharedTail shared() {
        return shared;
    }

    /** Flushes what was delivered so far if it is much, so that a wide fan-out never fills the memory. Between two messages. */
    public void endIfMuch() {
        if (stagedBytes > STAGED_MAX_BYTES) {
            end();
        }
    }

    /** Messages and bytes in and out so far, in this order; other threads may see them a little late. */
    public long[] counters() {
        return new long[] {inMessages, inBytes, outMessages, outBytes};
    }

    /** Flushes what the turn delivered. */
    public void end() {
        stagedBytes = 0;
        bufferBytes = 0;
        if (touched.isEmpty()) {
            return;
        }
        List<Outbox> now = List.copyOf(touched);
        touched.clear();
        for (int other = 0; other < loops.count(); other++) {
            if (other != index) {
                handOver(loops.turn(other), now);
            }
        }
        now.forEach(outbox -> outbox.flushFrom(this));
    }

    /** Writes what other loops have handed over until now. Called on this loop. */
    void takeDeliveries() {
        for (Runnable delivery = handedOver.poll(); delivery != null; delivery = handedOver.poll()) {
            delivery.run();
        }
    }

    /** Has work done on this loop, in order with all that is handed over from the calling thread. Any thread. */
    void handOver(Runnable delivery) {
        handedOver.add(delivery);
        loop.execute(this::takeDeliveries);
    }

    private void handOver(Turn target, List<Outbox> outboxes) {
        var full = new ArrayList<Outbox>();
        var staged = new ArrayList<Outbox.Staged>();
        for (Outbox outbox : outboxes) {
            Outbox.Staged bytes = outbox.home() == target ? outbox.takeStaged(index) : null;
            if (bytes != null) {
                full.add(outbox);
                staged.add(bytes);
            }
        }
        if (full.isEmpty()) {
            return;
        }
        target.handOver(() -> {
            for (int i = 0; i < full.size(); i++) {
                full.get(i).write(staged.get(i));
            }
            full.forEach(Outbox::flush);
        });
        memory().relieve(); // the other loop may take a while
    }
}
