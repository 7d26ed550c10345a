package io.leafd.broker.net;

import io.leafd.protocol.Subjects;

/** Names that clients may not use, as observed on nats-server 2.15.2. Pure. */
final class Reserved {
    private Reserved() {}

    /** Whether no client may publish to it. */
    static boolean subject(byte[] buf, int offset, int length) {
        return Subjects.startsWith(buf, offset, length, "$GR.")
                || Subjects.startsWith(buf, offset, length, "_GR_.")
                || Subjects.startsWith(buf, offset, length, "$NRG.");
    }

    /** Whether no client may ask for answers there. */
    static boolean reply(byte[] buf, int offset, int length) {
        return Subjects.startsWith(buf, offset, length, "_R_.")
                || Subjects.startsWith(buf, offset, length, "$JS.ACK.")
                || Subjects.startsWith(buf, offset, length, "_GR_.");
    }
}
