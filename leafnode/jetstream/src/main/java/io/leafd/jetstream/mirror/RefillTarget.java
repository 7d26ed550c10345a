package io.leafd.jetstream.mirror;

import io.leafd.jetstream.stream.Stream;
import io.leafd.jetstream.stream.StreamSource;
import io.leafd.protocol.Message;
import io.leafd.store.log.LogEntry;
import io.leafd.store.log.LogFilter;
import io.leafd.store.log.StoredMessage;
import io.leafd.store.log.StreamLog;
import org.jspecify.annotations.Nullable;

/**
 * The lost sequences of a mirror, as a place to copy to. Owned by the store loop.
 *
 * <p>What is still to be fetched is what the log says is lost: there is no position beside it that could disagree after a crash. A
 * delivery settles the lost sequences between the one before and itself, since the origin passed over them, and is put back if it is
 * lost itself. What is not lost is left alone, so nothing that was deleted here can come back.
 *
 * <pre>
 *   lost:            17 18 19 20          40        51 ...
 *   delivered:  17       19     22    41  ...              18 and 20 are gone at the origin as well; so is 40
 * </pre>
 */
final class RefillTarget implements CopyTarget {
    /** The next lost sequence is asked for anew if so many are in between. */
    private static final long LEAP_SEQS = 2_000;

    private final Stream stream;
    private final StreamLog log;
    private final Renaming renaming;
    private final Refill refill;
    /** The present consumer at the origin has told everything from here to before {@link #position}. */
    private long position;

    /** Lost sequences up to here are older than {@link #latestNs}, because the message behind them is. */
    private long latestSeq;

    private long latestNs;

    RefillTarget(Stream stream, StreamSource source, Refill refill) {
        this.stream = stream;
        this.log = stream.log();
        this.renaming = new Renaming(source, stream.scope().random());
        this.refill = refill;
    }

    @Override
    public OriginRequest.Start start() {
        position = Math.max(1, log.nextLost(1));
        refill.endUnlessDue();
        return new OriginRequest.Start(position, null);
    }

    @Override
    public String identity() {
        return "";
    }

    @Override
    public long copied() {
        return -1;
    }

    @Override
    public void onConsumer(String newIdentity, long skippedTo) {
        if (!refill.takesOutUnreadable()) {
            told(skippedTo);
            goOn();
        }
    }

    @Override
    public void onNewIdentity(String newIdentity) {
        throw new IllegalStateException("refill of " + stream.name() + " was told an identity it never asked for");
    }

    @Override
    public @Nullable String store(OriginFrame.Data data) {
        long seq = data.originSeq();
        told(seq - 1);
        if (log.nextLost(seq) == seq) {
            String refusal = putBack(data);
            if (refusal != null) {
                return refusal;
            }
        }
        position = Math.max(position, seq + 1);
        goOn();
        return null;
    }

    @Override
    public void onIdle() {
        told(log.lastSeq());
        goOn();
    }

    /** The origin has no more for us up to here than it has delivered: what is lost of it is gone there too. */
    private void told(long upToSeq) {
        if (upToSeq >= position) {
            refill.gone(log.settleLost(position, upToSeq));
            position = upToSeq + 1;
        }
    }

    private void goOn() {
        long next = log.nextLost(position);
        if (next == 0 || next - position > LEAP_SEQS) {
            refill.again();
        }
    }

    private @Nullable String putBack(OriginFrame.Data data) {
        long seq = data.originSeq();
        if (data.timestampNs() > latestNs(seq)) {
            return "message " + seq
                    + " of the origin is younger than the one behind the lost one: the origin was made anew";
        }
        Message kept = renaming.mirrored(data.message());
        String refusal = CopyTarget.refusal(stream, kept);
        if (refusal == null) {
            stream.putBack(seq, kept.subject(), kept.body(), kept.headerLength(), data.timestampNs());
            refill.back();
        }
        return refusal;
    }

    /** The time of the first message behind a lost one: it cannot be younger than that. */
    private long latestNs(long seq) {
        if (seq > latestSeq) {
            LogEntry behind = log.next(seq + 1, LogFilter.ALL);
            if (behind instanceof StoredMessage message) {
                latestSeq = message.seq() - 1;
                latestNs = message.timestampNs();
            } else {
                latestSeq = seq;
                latestNs = behind == null ? log.state().lastTimestampNs() : Long.MAX_VALUE;
            }
        }
        return latestNs;
    }
}
