package io.leafd.link.budget;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts what the connections of a link put on the wire, and says what may still go. Any thread.
 *
 * <p>The count only grows, over all connections of the link. How far it may grow is a {@link Grant}, which the owner of the
 * budget replaces; who could not send under one is called when there is another.
 */
public final class Meter {
    private final AtomicLong sent = new AtomicLong();
    private final List<Runnable> waiting = new CopyOnWriteArrayList<>(); // bound: the link's connections
    private final Asker asker;
    private volatile Grant grant;

    /** Who is told that more is wanted. Called on event loops, once for each grant. */
    interface Asker {
        /**
         * More is wanted.
         *
         * @param bytes that could not go, 0 if it is just time to think of the next
         */
        void more(boolean urgent, long bytes);
    }

    /**
     * How far the count may grow.
     *
     * @param ordinaryUntil while ordinary data goes
     * @param urgentUntil while urgent data goes
     * @param renewAt where the next grant should be asked for, so that nobody has to wait for it
     * @param ordinaryUsedUp whether ordinary data waits for the next period
     * @param urgentUsedUp whether all data waits for the next period
     */
    record Grant(
            long ordinaryUntil,
            long urgentUntil,
            long renewAt,
            boolean ordinaryUsedUp,
            boolean urgentUsedUp,
            AtomicBoolean asked) {
        /** Everything may go. */
        static Grant unbounded() {
            return new Grant(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, false, false, new AtomicBoolean(true));
        }

        /** No data may go yet; who owns the budget will say when, unasked. */
        static Grant notYet() {
            return new Grant(Long.MIN_VALUE, Long.MIN_VALUE, Long.MAX_VALUE, false, false, new AtomicBoolean(true));
        }
    }

    Meter(Asker asker, Grant grant) {
        this.asker = asker;
        this.grant = grant;
    }

    /** A meter of something that has no budget. */
    public static Meter unbounded() {
        return new Meter((urgent, bytes) -> {}, Grant.unbounded());
    }

    /** Bytes that were put on the wire since the start of the process. */
    public long sentBytes() {
        return sent.get();
    }

    /** Bytes go to the socket, whether or not they were admitted. */
    public void sent(long bytes) {
        long total = sent.addAndGet(bytes);
        Grant now = grant;
        if (total >= now.renewAt) {
            ask(now, false, 0);
        }
    }

    /** Bytes that were counted did not go, as the connection ended. */
    public void unsent(long bytes) {
        sent.addAndGet(-bytes);
    }

    /**
     * Whether so many bytes of data may go now.
     *
     * @param urgent whether they may use what is kept for the urgent
     */
    public boolean admits(boolean urgent, long bytes) {
        Grant now = grant;
        long until = urgent ? now.urgentUntil : now.ordinaryUntil;
        return until == Long.MAX_VALUE || sent.get() + bytes <= until;
    }

    /** So many bytes were not admitted, and wait: asks for more, unless it is known that there is none. */
    public void want(boolean urgent, long bytes) {
        Grant now = grant;
        if (!(urgent ? now.urgentUsedUp : now.ordinaryUsedUp)) {
            ask(now, urgent, bytes);
        }
    }

    /** Whether data waits for the next period. */
    public boolean usedUp(boolean urgent) {
        Grant now = grant;
        return urgent ? now.urgentUsedUp : now.ordinaryUsedUp;
    }

    /** Has {@code again} called after each new grant, on the owner's thread. */
    public void await(Runnable again) {
        waiting.add(again);
    }

    /** Ends {@link #await}. */
    public void leave(Runnable again) {
        waiting.remove(again);
    }

    void grant(Grant next) {
        grant = next;
        waiting.forEach(Runnable::run);
    }

    private void ask(Grant now, boolean urgent, long bytes) {
        if (now.asked.compareAndSet(false, true)) {
            asker.more(urgent, bytes);
        }
    }
}
