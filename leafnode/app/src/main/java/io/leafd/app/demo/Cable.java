package io.leafd.app.demo;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The network between edge and hub: a TCP relay on loopback that can be cut. Any thread; two virtual threads serve each connection.
 *
 * <p>Cut means: open connections are reset, and new ones too, as soon as they are there.
 */
final class Cable implements AutoCloseable {
    private static final int CHUNK_BYTES = 16 * 1024;

    private final ServerSocket listener;
    private final InetSocketAddress target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean whole = true;

    private Cable(ServerSocket listener, InetSocketAddress target) {
        this.listener = listener;
        this.target = target;
    }

    /** A whole cable to {@code target}. */
    static Cable to(InetSocketAddress target) throws IOException {
        var cable = new Cable(new ServerSocket(0, 16, InetAddress.getLoopbackAddress()), target);
        Thread.ofVirtual().name("cable").start(cable::accept);
        return cable;
    }

    /** The port to dial instead of the target. */
    int port() {
        return listener.getLocalPort();
    }

    /** Resets every connection, and those to come. */
    void cut() {
        whole = false;
        open.forEach(Cable::reset);
    }

    /** Lets connections pass again. */
    void mend() {
        whole = true;
    }

    @Override
    public void close() throws IOException {
        listener.close();
        cut();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                connect(listener.accept());
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void connect(Socket near) {
        open.add(near);
        if (!whole) {
            drop(near);
            return;
        }
        try {
            var far = new Socket(target.getAddress(), target.getPort());
            open.add(far);
            near.setTcpNoDelay(true);
            far.setTcpNoDelay(true);
            Thread.ofVirtual().name("cable-up").start(() -> pump(near, far));
            Thread.ofVirtual().name("cable-down").start(() -> pump(far, near));
            if (!whole) { // cut in between
                drop(near);
                drop(far);
            }
        } catch (IOException targetAway) {
            drop(near);
        }
    }

    private void pump(Socket from, Socket to) {
        byte[] chunk = new byte[CHUNK_BYTES];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
                to.getOutputStream().write(chunk, 0, count);
            }
        } catch (IOException ended) {
            // the connection is over, and both ends with it
        } finally {
            open.remove(from);
            open.remove(to);
        }
    }

    private void drop(Socket socket) {
        open.remove(socket);
        reset(socket);
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0); // close() then sends RST
            socket.close();
        } catch (IOException alreadyClosed) {
            // that is what was wanted
        }
    }
}
