package io.leafd.link;

import io.leafd.protocol.LeafFrames;
import io.leafd.protocol.Message;
import io.leafd.protocol.MessageView;
import java.io.ByteArrayOutputStream;
import java.util.List;

/** Messages of this server's own, as the frames of a leaf connection. Pure functions, any thread. */
final class MessageFrames {
    private MessageFrames() {}

    /**
     * {@code LMSG} and {@code HMSG} frames, in order.
     *
     * @param headers whether the peer reads headers; without, they are left out
     */
    static byte[] of(List<Message> messages, boolean headers) {
        var frames = new ByteArrayOutputStream();
        var view = new MessageView();
        for (Message message : messages) {
            view.set(message, null);
            byte[] head = new byte[LeafFrames.messageHeadMaxBytes(view, List.of())];
            frames.write(head, 0, LeafFrames.messageHead(head, 0, view, List.of(), headers));
            int skipped = headers ? 0 : message.headerLength();
            frames.write(message.body(), skipped, message.body().length - skipped);
            frames.write('\r');
            frames.write('\n');
        }
        return frames.toByteArray();
    }
}
