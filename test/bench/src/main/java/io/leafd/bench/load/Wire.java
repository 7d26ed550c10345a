package io.leafd.bench.load;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** A logged-in NATS connection that sends and gets bytes. Owned by one thread at a time. */
public final class Wire implements AutoCloseable {
    private final SocketChannel channel;
    private final InputStream in;
    private final OutputStream out;
    private final MsgReader messages = new MsgReader();
    private int inboxes;

    private Wire(SocketChannel channel) throws IOException {
        this.channel = channel;
        Socket socket = channel.socket();
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
    }

    /** Connects to a server on loopback without a user. */
    public static Wire open(int port) {
        return open(port, "");
    }

    /**
     * Connects to a server on loopback.
     *
     * @param login members added to CONNECT, for example {@code ,"user":"a","pass":"a"}
     */
    public static Wire open(int port, String login) {
        try {
            SocketChannel channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            var wire = new Wire(channel);
            wire.awaitLine("INFO ");
            wire.send(Frames.ascii("""
                    CONNECT {"verbose":false,"pedantic":false,"headers":true,"no_responders":true%s}\r
                    PING\r
                    """.formatted(login)));
            wire.awaitLine("PONG");
            return wire;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Subscribes, and returns once the server knows it. */
    public void subscribe(String subject, String sid) {
        send(Frames.ascii("SUB %s  %s\r\n".formatted(subject, sid)));
        sync();
    }

    /** Waits until the server has handled all that was sent. Lines and messages before the PONG are lost. */
    public void sync() {
        send(Frames.ascii("PING\r\n"));
        awaitLine("PONG");
    }

    /** Sends bytes. */
    public void send(byte[] bytes) {
        send(bytes, bytes.length);
    }

    /** Sends the first bytes of the array. */
    public void send(byte[] bytes, int length) {
        send(bytes, 0, length);
    }

    /** Sends a part of the array. */
    public void send(byte[] bytes, int from, int length) {
        try {
            out.write(bytes, from, length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends all of a block and leaves it ready to be sent again. */
    public void send(ByteBuffer block) {
        try {
            block.rewind();
            while (block.hasRemaining()) {
                channel.write(block);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads what there is, waiting for the first byte; returns how many bytes. */
    public int receive(ByteBuffer target) {
        target.clear();
        try {
            int got = channel.read(target);
            if (got < 0) {
                throw new IllegalStateException("the server closed the connection");
            }
            return got;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The frames that come; {@link #awaitMessage} reads more of them. */
    MsgReader messages() {
        return messages;
    }

    /** Reads until {@link #messages} stands on the next message. */
    void awaitMessage() {
        while (!messages.next()) {
            readMore();
        }
    }

    /** Reads what there is, waiting for the first byte, and answers a PING. */
    void readMore() {
        try {
            byte[] room = messages.room();
            int got = in.read(room, messages.fillFrom(), room.length - messages.fillFrom());
            if (got < 0) {
                throw new IllegalStateException("the server closed the connection");
            }
            messages.filled(got);
            if (messages.takePinged()) {
                send(Frames.ascii("PONG\r\n"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Sends a request and returns the payload of the answer. For preparation, not for measuring.
     *
     * @throws IllegalStateException when the answer is an error of JetStream's API
     */
    public String request(String subject, String payload) {
        String inbox = "_INBOX.bench." + System.identityHashCode(this) + "." + inboxes++;
        send(Frames.ascii("SUB %s  r%d\r\nUNSUB r%d 1\r\n".formatted(inbox, inboxes, inboxes)));
        send(Frames.pub(subject, inbox, payload));
        awaitMessage();
        String answer = messages.body();
        if (answer.contains("\"error\"") || answer.startsWith("NATS/1.0 503")) {
            throw new IllegalStateException("%s: %s".formatted(subject, answer));
        }
        return answer;
    }

    /** Reads lines until one begins so; messages between are taken for lines, so none may be under way. */
    private void awaitLine(String start) {
        var line = new StringBuilder();
        try {
            while (true) {
                int b = in.read();
                if (b < 0) {
                    throw new IllegalStateException("the server closed the connection after \"" + line + "\"");
                }
                if (b != '\n') {
                    line.append((char) b);
                    continue;
                }
                if (line.indexOf(start) == 0) {
                    return;
                }
                if (line.indexOf("-ERR") == 0) {
                    throw new IllegalStateException("the server says: " + line);
                }
                line.setLength(0);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return "Wire to port " + channel.socket().getPort();
    }
}
