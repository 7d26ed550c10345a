package io.leafd.broker.net;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A client that says and hears lines. PINGs, which come by time, are passed over. */
final class LineClient implements AutoCloseable {
    private static final int ANSWER_MAX_MS = 10_000;

    final Socket socket = new Socket();
    final BufferedReader in;

    /** Connects and hears the INFO. */
    LineClient(InetSocketAddress address) throws IOException {
        socket.setTcpNoDelay(true);
        socket.connect(address);
        socket.setSoTimeout(ANSWER_MAX_MS);
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        String info = in.readLine();
        if (info == null || !info.startsWith("INFO {\"server_id\":\"" + BrokerRig.IDENTITY.serverId() + "\"")) {
            throw new AssertionError("greeted by: " + info);
        }
    }

    void send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The next lines. */
    List<String> lines(int count) throws IOException {
        var lines = new ArrayList<String>();
        while (lines.size() < count) {
            String line = in.readLine();
            if (!"PING".equals(line)) {
                lines.add(line);
            }
        }
        return lines;
    }

    /** What the server has sent up to the answer of a PING. */
    List<String> sync() throws IOException {
        send("PING\r\n");
        var lines = new ArrayList<String>();
        for (String line = in.readLine(); !"PONG".equals(line); line = in.readLine()) {
            if (line == null) {
                throw new AssertionError("closed after " + lines);
            }
            if (!line.equals("PING")) {
                lines.add(line);
            }
        }
        return lines;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
