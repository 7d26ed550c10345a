package io.leafd.link;

import io.leafd.broker.interest.Publisher;
import io.leafd.broker.net.Outbox;
import io.leafd.broker.net.Turn;
import java.security.cert.X509Certificate;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * The connection under a {@link LeafSession}. Owned by its event loop; methods that others may call say so.
 *
 * <p>What is sent goes in three lanes. Control frames go ahead of all data. Live frames, appended to {@link #outbox} by any
 * loop, and bulk frames of forwards share what is left, so that neither starves.
 */
public interface LeafWire extends Publisher {
    /** The turn of its event loop. Any thread. */
    Turn turn();

    /** Where live messages are appended. Any loop, as {@link Outbox} says. */
    Outbox outbox();

    /** Writes whole frames ahead of all data. */
    void control(byte[] frames);

    /**
     * Queues whole frames behind other bulk frames of the same or a higher priority. Any thread.
     *
     * @param priority 0 lowest to 9
     * @param written runs on the event loop when the frames are on their way to the socket; not if the connection ends before
     */
    void bulk(byte[] frames, int priority, Runnable written);

    /** Bytes that wait in the bulk lane at this priority. Any thread. */
    long bulkBytes(int priority);

    /** Sends no more than so many bytes a second from now on, on average; control frames do not wait, but count. 0 for no bound. */
    void rate(long bytesPerSecond);

    /** Closes, after {@code -ERR 'error'} if there is a text. */
    void hangUp(@Nullable String error);

    /** Whether it is closed or about to be. Any thread. */
    boolean closed();

    /** Host and port of the peer. Any thread. */
    String remote();

    /** Runs {@code action} on the event loop after a while, unless cancelled. */
    Timer after(long delayNs, Runnable action);

    /** Puts TLS under the protocol; {@code done} gets null, or why it failed. */
    void startTls(SSLEngine engine, long handshakeMaxNs, Consumer<@Nullable Throwable> done);

    /** Whether bytes are encrypted, by TLS of this connection or by what carries it. */
    boolean encrypted();

    /**
     * The certificate that the peer showed in the TLS handshake, verified; null if it showed none, or nobody asks.
     *
     * @param wanted whether anybody asks
     */
    @Nullable
    X509Certificate peerCertificate(boolean wanted);

    /** Nanoseconds since the peer's host last acknowledged anything; -1 if the platform cannot tell. */
    long lastAckAgoNs();

    /** The session that speaks over it; null before there is one. Any thread. */
    @Nullable
    LeafSession session();

    /** Something that will run once. */
    interface Timer {
        void cancel();
    }
}
