package io.leafd.test.hostility;

import io.leafd.test.peer.Deadline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Connections of somebody who does not care for answers. Pure functions; each call makes connections of its own. */
final class Attack {
    /** One of the attackers that work at the same time. */
    interface Attacker {
        /** Does its part and returns what it counted. */
        int attack(int number) throws IOException;
    }

    private Attack() {}

    /** Sends all bytes on one connection, then only listens until the peer closes; what came, one byte a character. */
    static String say(int port, byte[] bytes) throws IOException {
        try (Socket socket = connect(port)) {
            try {
                socket.getOutputStream().write(bytes);
                socket.shutdownOutput();
            } catch (IOException closed) {
                return ""; // the peer had enough before all was said
            }
            return rest(socket);
        }
    }

    /** As {@link #say}, but leaves the connection open until the peer closes. */
    static String hear(int port, byte[] bytes) throws IOException {
        try (Socket socket = connect(port)) {
            socket.getOutputStream().write(bytes);
            return rest(socket);
        }
    }

    static Socket connect(int port) throws IOException {
        var socket = new Socket();
        socket.setSoTimeout((int) Deadline.ANSWER.toMillis());
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int) Deadline.ANSWER.toMillis());
        return socket;
    }

    /** What still comes until the peer closes or resets, which it must do in time. */
    static String rest(Socket socket) {
        var text = new StringBuilder();
        byte[] buf = new byte[4096];
        try {
            for (int n = socket.getInputStream().read(buf);
                    n >= 0;
                    n = socket.getInputStream().read(buf)) {
                text.append(new String(buf, 0, n, StandardCharsets.ISO_8859_1));
            }
        } catch (SocketTimeoutException e) {
            throw new AssertionError("the connection is still open, got \"" + text + "\"", e);
        } catch (IOException reset) {
            return text.toString();
        }
        return text.toString();
    }

    /** Opens so many connections and sends the same bytes on each. */
    static List<Socket> open(int count, int port, byte[] bytes) throws IOException {
        var sockets = new ArrayList<Socket>(count);
        for (int i = 0; i < count; i++) {
            Socket socket = connect(port);
            sockets.add(socket);
            socket.getOutputStream().write(bytes);
        }
        return sockets;
    }

    /** Lets so many attackers work at the same time and adds up what they counted. */
    static int together(int attackers, Attacker attacker) {
        try (ExecutorService threads = Executors.newFixedThreadPool(attackers)) {
            var parts = new ArrayList<Future<Integer>>();
            for (int i = 0; i < attackers; i++) {
                int number = i;
                parts.add(threads.submit(() -> attacker.attack(number)));
            }
            int sum = 0;
            for (Future<Integer> part : parts) {
                sum += part.get();
            }
            return sum;
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static void close(List<Socket> sockets) {
        for (Socket socket : sockets) {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
