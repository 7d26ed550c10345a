package io.leafd.test.faults;

import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A client that goes on until it is stopped: it connects, works until the connection is lost, and connects again. Owned by its own
 * thread; {@link #stop} and {@link #join} may be called by the one that started it.
 */
abstract class Endeavour implements Runnable {
    private static final long RETRY_NS = 20_000_000L;

    private final String name;
    private final int port;
    private final Thread thread;
    private volatile boolean stopped;
    private volatile boolean halted;
    private volatile @Nullable Throwable failure;

    Endeavour(String name, int port) {
        this.name = name;
        this.port = port;
        this.thread = new Thread(this, name);
        thread.setDaemon(true);
    }

    /** Works on a new connection until {@link #stopped} or an exception. */
    abstract void session(WireClient client) throws IOException;

    final void start() {
        thread.start();
    }

    /** Asks the client to finish what it began and to end. */
    final void stop() {
        stopped = true;
    }

    /** Waits for its end and tells what went wrong, apart from lost connections. */
    final void join() {
        try {
            thread.join(60_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        if (thread.isAlive()) {
            var stuck = new AssertionError(name + " does not end");
            stuck.setStackTrace(thread.getStackTrace());
            throw stuck;
        }
        if (failure != null) {
            throw new AssertionError(name + " failed", failure);
        }
    }

    /** Asks the client to end as soon as it can, whatever is under way. */
    final void halt() {
        halted = true;
        stopped = true;
    }

    final boolean halted() {
        return halted;
    }

    final boolean stopped() {
        return stopped;
    }

    final String name() {
        return name;
    }

    @Override
    public final void run() {
        try {
            while (!stopped) {
                try (WireClient client = WireClient.open(port)) {
                    session(client);
                } catch (IOException lost) {
                    LockSupport.parkNanos(RETRY_NS); // the server is being killed or started: that is the point
                }
            }
        } catch (RuntimeException | Error e) {
            failure = e;
        }
    }
}
