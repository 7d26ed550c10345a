package io.leafd.jetstream.mirror;

import io.leafd.jetstream.stream.Stream;
import io.leafd.jetstream.stream.StreamSource;
import io.leafd.protocol.Message;
import io.leafd.store.Store;
import org.jspecify.annotations.Nullable;

/**
 * A mirror: the same sequences and times as the origin. Owned by the store loop.
 *
 * <p>Its position is the stream's own last sequence, so there is nothing that could disagree with it after a crash. Sequences that
 * the origin no longer has become gaps here. What the origin deletes after it was copied stays: a mirror has limits of its own.
 */
final class MirrorTarget implements CopyTarget {
    private final Stream stream;
    private final StreamSource source;
    private final Renaming renaming;
    /** Sequences up to here had been copied once and were lost with the end of the store's log. */
    private final long lostUntil;

    MirrorTarget(Stream stream, StreamSource source) {
        this.stream = stream;
        this.source = source;
        this.renaming = new Renaming(source, stream.scope().random());
        this.lostUntil = stream.log().lastSeq() + stream.scope().store().lostTailMax(stream.log());
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
    public long copied() {
        return -1;
    }

    @Override
    public void onConsumer(String newIdentity, long skippedTo) {
        if (skippedTo > stream.log().lastSeq()) {
            refetching(skippedTo);
            stream.skipTo(skippedTo + 1);
        }
    }

    @Override
    public void onNewIdentity(String newIdentity) {
        throw new IllegalStateException("mirror of " + source.name() + " was told a new identity it never asked for");
    }

    @Override
    public @Nullable String store(OriginFrame.Data data) {
        if (data.originSeq() <= stream.log().lastSeq()) {
            return null;
        }
        Message kept = renaming.mirrored(data.message());
        String refusal = CopyTarget.refusal(stream, kept);
        if (refusal == null) {
            refetching(data.originSeq());
            stream.appendAt(data.originSeq(), kept.subject(), kept.body(), kept.headerLength(), data.timestampNs());
        }
        return refusal;
    }

    /** Everything to here is about to be there: what was lost of it is not any more. */
    private void refetching(long upToSeq) {
        long from = stream.log().lastSeq() + 1;
        if (from <= lostUntil) {
            Store store = stream.scope().store();
            store.loop().afterCommit(() -> store.refetched(stream.log(), from, Math.min(upToSeq, lostUntil)));
        }
    }
}
