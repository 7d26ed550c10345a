package io.leafd.broker.net;

import io.leafd.broker.interest.Receivers;
import io.leafd.broker.interest.Sublist;
import io.leafd.protocol.Doorkeeper;
import io.leafd.protocol.Subject;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Receivers of recently published subjects of one account. Owned by one event loop.
 *
 * <p>A subject is remembered when it comes for the second time. Most of those that never come again, the reply subjects of requests, so
 * push nobody out and leave nothing on the heap: remembered, each was four objects that the next collection of a busy broker had to
 * copy, and they were most of what it copied.
 *
 * <p>Good for exactly one trie: as soon as the account has another, everything is forgotten. Bound: {@value #UNITS_MAX}
 * units, of which a subject takes one, and one more for every {@value #RECEIVERS_OF_UNIT} receivers; then everything is forgotten too:
 * a subject is forgotten sooner than it is worth ordering them by age.
 */
final class MatchCache {
    static final int UNITS_MAX = 4096;
    static final int RECEIVERS_OF_UNIT = 8;
    private static final int SLOT_BITS = 13;
    private static final int SLOTS = 1 << SLOT_BITS; // half of them stay empty

    private final Doorkeeper doorkeeper = new Doorkeeper(SLOT_BITS);
    private final @Nullable Subject[] subjects = new Subject[SLOTS];
    private final Receivers[] receivers = new Receivers[SLOTS];
    private Sublist sublist = Sublist.EMPTY;
    private int unitsLeft = UNITS_MAX;

    /** Who receives the subject by this trie. */
    Receivers match(Sublist current, byte[] buf, int offset, int length) {
        if (current != sublist) {
            forget(current);
        }
        int hash = Subject.hash(buf, offset, length);
        int home = (hash * 0x9E3779B9) >>> (32 - SLOT_BITS);
        int slot = home;
        for (Subject subject = subjects[slot]; subject != null; subject = subjects[slot]) {
            if (subject.sameBytes(buf, offset, length)) {
                return receivers[slot];
            }
            slot = (slot + 1) & (SLOTS - 1);
        }
        Receivers found = current.match(buf, offset, length);
        if (doorkeeper.isNew(hash)) {
            return found;
        }
        if (unitsLeft <= 0) { // only now: as many subjects as fit, again and again, are never forgotten
            forget(current);
            slot = home;
        }
        subjects[slot] = Subject.copyOf(buf, offset, length);
        receivers[slot] = found;
        unitsLeft -= 1 + found.count() / RECEIVERS_OF_UNIT;
        return found;
    }

    private void forget(Sublist current) {
        if (unitsLeft < UNITS_MAX) {
            Arrays.fill(subjects, null);
            Arrays.fill(receivers, Receivers.NONE);
            unitsLeft = UNITS_MAX;
        }
        sublist = current;
    }

    /** Lets go of what is no longer true. */
    void forgetUnless(Sublist current) {
        if (current != sublist) {
            forget(current);
        }
    }
}
