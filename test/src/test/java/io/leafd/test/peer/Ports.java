package io.leafd.test.peer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Free TCP ports on loopback. Any thread.
 *
 * <p>They lie below the range from which the kernel takes ports of outgoing connections (from 32,768 on Linux), so that a server that
 * is stopped and started again finds its port still free. The search starts at a place that depends on the process id: two builds on
 * one machine seldom look at the same ports.
 */
public final class Ports {

    private static final int FIRST = 12_000;
    private static final int COUNT = 20_000;
    private static final AtomicInteger NEXT =
            new AtomicInteger((int) (ProcessHandle.current().pid() * 613 % COUNT));

    private Ports() {}

    /** A port on which nobody listens and which was not handed out before. */
    public static int free() {
        for (int tried = 0; tried < COUNT; tried++) {
            int port = FIRST + NEXT.getAndIncrement() % COUNT;
            try (ServerSocket probe = new ServerSocket()) {
                probe.setReuseAddress(true);
                probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                return port;
            } catch (IOException taken) {
                // somebody listens there: try the next one
            }
        }
        throw new IllegalStateException("no free port between " + FIRST + " and " + (FIRST + COUNT));
    }
}
