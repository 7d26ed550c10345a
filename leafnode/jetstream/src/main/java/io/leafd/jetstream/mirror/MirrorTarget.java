package io.leafd.jetstream.mirror;

import io.leafd.jetstream.stream.Stream;
import io.leafd.jetstream.stream.StreamSource;
import io.leafd.protocol.Message;
import org.jspecify.annotations.Nullable;

/**
 * A mirror: the same sequences and times as the origin. Its position is the stream's own last sequence, so there is nothing that
 * could disagree with it after a crash.
 */
final class MirrorTarget implements CopyTarget {
    private final Stream stream;
    private final StreamSource source;

    MirrorTarget(Stream stream, StreamSource source) {
        this.stream = stream;
        this.source = source;
    }

    @Override
    public OriginRequest.Start start() {
        long last = stream.log().lastSeq();
        return last > 0
                ? new OriginRequest.Start(last + 1, null)
                : new OriginRequest.Start(source.startSeq(), source.startTime());
    }

    @Override
    public String identity() {
        return ""; // a mirror does not ask for one
    }

    @Override
    public void onConsumer(String identity, long skippedTo) {
        if (skippedTo > stream.log().lastSeq()) {
            stream.skipTo(skippedTo + 1);
        }
    }

    @Override
    public void onNewIdentity(String identity) {
        throw new IllegalStateException("mirror of " + source.name() + " was told a new identity it never asked for");
    }

    @Override
    public @Nullable String store(OriginFrame.Data data) {
        if (data.originSeq() > stream.log().lastSeq()) {
            Message message = data.message();
            byte[] headers = OriginFrame.keptHeaders(message);
            Message kept = headers.length == message.headerLength()
                    ? message
                    : Message.withHeaders(message.subject(), null, headers, message.payload());
            stream.appendAt(data.originSeq(), kept.subject(), kept.body(), kept.headerLength(), data.timestampNs());
        }
        return null;
    }
}
