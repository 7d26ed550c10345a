package io.leafd.link;

import java.util.concurrent.atomic.LongAdder;

/** What has crossed a link, over all its connections. Any thread. Bytes are those of headers and payloads. */
final class LeafTraffic {
    final LongAdder inMessages = new LongAdder();
    final LongAdder inBytes = new LongAdder();
    final LongAdder outMessages = new LongAdder();
    final LongAdder outBytes = new LongAdder();

    /** Messages that a rule kept from crossing. */
    final LongAdder refused = new LongAdder();

    /** Live messages given up because the link could not keep up. */
    final LongAdder overflowed = new LongAdder();

    /** Messages over the receiver's size. */
    final LongAdder oversized = new LongAdder();

    void in(int bytes) {
        inMessages.increment();
        inBytes.add(bytes);
    }

    void out(int bytes) {
        outMessages.increment();
        outBytes.add(bytes);
    }
}
