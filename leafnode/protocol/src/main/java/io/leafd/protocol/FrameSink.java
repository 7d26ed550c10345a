package io.leafd.protocol;

import org.jspecify.annotations.Nullable;

/** What a client's frames mean to their connection. Called by {@link FrameParser} on the connection's event loop. */
public interface FrameSink {
    /** {@code CONNECT {json}\r\n}: the JSON's bytes, valid during the call. */
    void onConnect(byte[] buf, int offset, int length);

    void onPing();

    void onPong();

    /** {@code SUB subject [queue] sid\r\n}. */
    void onSub(Subject subject, @Nullable Subject queue, byte[] sid);

    /** {@code UNSUB sid [max]\r\n}; max 0 means now. */
    void onUnsub(byte[] sid, long max);

    /** {@code PUB} or {@code HPUB}, whole. The view is valid during the call. */
    void onPub(MessageView message);

    /** {@code -ERR} from the client: it is about to go. */
    void onPeerError();

    /** The stream can't be understood any further. The parser consumes nothing more. */
    void onError(ProtocolError error);

    /** Asked after every frame: true ends the run, the rest stays unparsed (closed, paused, or waiting for a login). */
    boolean stopped();

    /** Whether HPUB is allowed. */
    boolean headers();
}
