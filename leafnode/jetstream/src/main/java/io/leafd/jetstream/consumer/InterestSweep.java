package io.leafd.jetstream.consumer;

import io.leafd.jetstream.stream.Stream;
import io.leafd.store.log.LogEntry;
import io.leafd.store.log.LogFilter;
import io.leafd.store.log.LogReader;
import io.leafd.store.log.StoredMessage;
import io.leafd.store.loop.Work;

/**
 * Lets go of messages that no consumer needs any more after a consumer went or changed its filter, on a stream that keeps messages
 * for its consumers. Owned by the store loop; works in portions behind everybody who waits for the loop.
 */
final class InterestSweep implements Work {
    private static final int PORTION = 500;
    private static final long RETRY_NS = 1_000_000;

    private final Stream stream;
    private final LogReader reader;
    private final long lastSeq;

    InterestSweep(Stream stream, long fromSeq, LogFilter filter) {
        this.stream = stream;
        this.reader = stream.log().reader(Math.max(fromSeq, stream.log().firstSeq()), filter);
        this.lastSeq = stream.log().lastSeq();
    }

    @Override
    public void run() {
        for (int i = 0; i < PORTION; i++) {
            LogEntry entry = reader.next();
            if (entry instanceof StoredMessage message) {
                if (message.seq() > lastSeq) {
                    reader.close();
                    return;
                }
                stream.release(message.seq());
            } else if (entry == null && (reader.caughtUp() || reader.position() > lastSeq)) {
                reader.close();
                return;
            }
        }
        if (!stream.scope().store().loop().offer(this, 0)) {
            stream.scope().store().loop().schedule(RETRY_NS, this);
        }
    }
}
