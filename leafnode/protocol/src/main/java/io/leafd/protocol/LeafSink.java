package io.leafd.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a {@link LeafParser} found, in the order of the bytes. Called on the thread that parses. */
public interface LeafSink {
    /** {@code INFO {json}}: the slice is valid only during the call, and may end with blanks. */
    void onInfo(byte[] buf, int offset, int length);

    /** {@code CONNECT {json}}: the slice is valid only during the call. */
    void onConnect(byte[] buf, int offset, int length);

    /**
     * {@code LS+ filter [queue weight]}. The filter is as the peer wrote it and need not be valid.
     *
     * @param weight members behind a queue subscription, at least 1; 1 for a plain one
     */
    void onInterest(Subject filter, @Nullable Subject queue, int weight);

    /** {@code LS- filter [queue]}. */
    void onNoInterest(Subject filter, @Nullable Subject queue);

    /**
     * {@code LMSG} or {@code HMSG}, with {@link MessageView#route} set for a consumer's delivery. View and list are valid only
     * during the call.
     *
     * @param queues the queue groups that this connection was chosen for; empty if there is no list
     */
    void onMessage(MessageView message, List<Subject> queues);

    void onPing();

    void onPong();

    /** {@code -ERR 'text'}: the text without its quotes. */
    void onError(String text);

    /** Bytes that are no leaf frame; nothing more is reported. The sink closes the connection. */
    void onFault(LeafFault fault);

    /** Whether the frames behind this one are still wanted: false once the connection is closing. */
    boolean open();
}
