package io.leafd.test.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Many connections that read nothing of what they are sent. Owned by one scenario. */
final class Crowd implements AutoCloseable {
    private static final int CONNECT_MS = 10_000;
    private static final int RECEIVE_BYTES = 4096;
    private static final String LOGIN = "CONNECT {\"verbose\":false,\"pedantic\":false}\r\n";

    private final int port;
    private final List<Socket> sockets = new ArrayList<>();

    Crowd(int port) {
        this.port = port;
    }

    /** Clients that subscribe to the flood and then do not read. */
    void slowReaders(int count) {
        for (int i = 0; i < count; i++) {
            join(LOGIN + "SUB flood.> 1\r\n");
        }
    }

    /** Connections that begin to log in and stop in the middle. */
    void halfOpen(int count) {
        for (int i = 0; i < count; i++) {
            join("CONNECT {\"user\":\"g");
        }
    }

    private void join(String words) {
        var socket = new Socket();
        sockets.add(socket);
        try {
            socket.setReceiveBufferSize(RECEIVE_BYTES);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MS);
            socket.getOutputStream().write(words.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException("connection %d of the crowd".formatted(sockets.size()), e);
        }
    }

    @Override
    public void close() {
        for (Socket socket : sockets) {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        sockets.clear();
    }
}
