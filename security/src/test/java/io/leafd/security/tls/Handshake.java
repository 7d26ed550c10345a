package io.leafd.security.tls;

import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/** Lets two engines shake hands through buffers, without a network. */
final class Handshake {
    private static final int STEPS_MAX = 200;

    private final SSLEngine client;
    private final SSLEngine server;
    private final ByteBuffer toServer;
    private final ByteBuffer toClient;

    private Handshake(SSLEngine client, SSLEngine server) {
        this.client = client;
        this.server = server;
        int size = 4 * client.getSession().getPacketBufferSize();
        this.toServer = ByteBuffer.allocate(size);
        this.toClient = ByteBuffer.allocate(size);
    }

    /** Runs until both are done and one byte went each way. */
    static void run(SSLEngine client, SSLEngine server) throws SSLException {
        new Handshake(client, server).run();
    }

    private void run() throws SSLException {
        client.beginHandshake();
        server.beginHandshake();
        int fromClient = 0;
        int fromServer = 0;
        for (int step = 0; step < STEPS_MAX && (fromClient == 0 || fromServer == 0); step++) {
            wrap(client, toServer);
            fromClient += unwrap(server, toServer);
            wrap(server, toClient);
            fromServer += unwrap(client, toClient);
        }
        if (fromClient == 0 || fromServer == 0) {
            throw new SSLException("no end after " + STEPS_MAX + " steps");
        }
    }

    private static void wrap(SSLEngine engine, ByteBuffer out) throws SSLException {
        runTasks(engine);
        engine.wrap(ByteBuffer.wrap(new byte[] {'x'}), out);
        runTasks(engine);
    }

    private static int unwrap(SSLEngine engine, ByteBuffer in) throws SSLException {
        ByteBuffer plain = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
        in.flip();
        int before = -1;
        while (in.hasRemaining() && in.remaining() != before) {
            before = in.remaining();
            engine.unwrap(in, plain);
            runTasks(engine);
        }
        in.compact();
        return plain.position();
    }

    private static void runTasks(SSLEngine engine) {
        while (engine.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
            engine.getDelegatedTask().run();
        }
    }
}
