package io.leafd.store.log;

import io.leafd.protocol.Doorkeeper;
import org.jspecify.annotations.Nullable;

/**
 * A hash table of entries with a byte bound, least recently used out first. Owned by the store loop.
 *
 * <p>Who comes is a guest at first. The oldest guest stays when there is room, or when it was here before; else it goes, and nobody for
 * it. So a million subjects that come once each leave those alone that come often, and what they leave on the heap dies young: without
 * guests it was everything that was promoted under such a load, and the whole heap was collected every few seconds.
 *
 * <p>The entries are the nodes: they carry hash, chain and age links, so that a look-up allocates nothing and an entry costs
 * one object. Who looks up walks {@link #bucket} and compares keys itself, since keys differ (subject, block number).
 *
 * <p>An entry with changes that are not written yet is <em>pinned</em>: it stays, whatever the bound says, because the database
 * would answer with the old value. The bound is exceeded by at most what one group stages.
 */
final class EntryCache<E extends EntryCache.Node<E>> {
    /** What an entry must carry. */
    abstract static class Node<E extends Node<E>> {
        private final int hash;
        private @Nullable E chain;
        private @Nullable E older;
        private @Nullable E newer;
        private boolean present;
        private boolean resident; // else a guest
        private boolean pinned;

        Node(int hash) {
            this.hash = hash;
        }

        /** The entry itself: lets the table link nodes without casts. */
        abstract E self();

        /** Bytes of heap it holds, about; must not change. */
        abstract int weightBytes();

        /** The next entry that may have the same hash. */
        final @Nullable E chain() {
            return chain;
        }

        final int hash() {
            return hash;
        }

        final boolean pinned() {
            return pinned;
        }

        final void pin(boolean on) {
            pinned = on;
        }
    }

    private static final int EVICTION_LOOKS_MAX = 8;
    /** Guests have this part of the bytes: some hundred of them, with what one group stages. */
    private static final int GUESTS_PART = 32;

    private static final int DOORKEEPER_BITS = 14;

    private final long bytesMax;
    private final Doorkeeper doorkeeper = new Doorkeeper(DOORKEEPER_BITS);
    private final Ages<E> guests = new Ages<>();
    private final Ages<E> residents = new Ages<>();
    private @Nullable Node<E>[] table = newTable(256);
    private int size;

    EntryCache(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** Entries by the time of their last use, with what they weigh. */
    private static final class Ages<E extends Node<E>> {
        private @Nullable E oldest;
        private @Nullable E newest;
        private long bytes;

        void append(E entry) {
            Node<E> node = entryNode(entry);
            node.older = newest;
            node.newer = null;
            if (newest == null) {
                oldest = entry;
            } else {
                entryNode(newest).newer = entry;
            }
            newest = entry;
            bytes += entry.weightBytes();
        }

        void detach(E entry) {
            Node<E> node = entryNode(entry);
            if (node.older == null) {
                oldest = node.newer;
            } else {
                entryNode(node.older).newer = node.newer;
            }
            if (node.newer == null) {
                newest = node.older;
            } else {
                entryNode(node.newer).older = node.older;
            }
            node.older = null;
            node.newer = null;
            bytes -= entry.weightBytes();
        }

        /** Makes it the newest. */
        void renew(E entry) {
            detach(entry);
            append(entry);
        }

        void clear() {
            oldest = null;
            newest = null;
            bytes = 0;
        }
    }

    /** First entry of the bucket of this hash; walk on with {@link Node#chain}. */
    @Nullable
    E bucket(int hash) {
        Node<E> first = table[slot(hash)];
        return first == null ? null : first.self();
    }

    /** Adds an entry that is not in the table. */
    void add(E entry) {
        if (size >= table.length) {
            grow();
        }
        link(entry);
        Node<E> node = entryNode(entry);
        node.present = true;
        node.resident = false;
        size++;
        guests.append(entry);
        trim();
    }

    /** Notes that the entry was used. */
    void used(E entry) {
        if (entryNode(entry).present && entryNode(entry).resident && entry != residents.newest) {
            residents.renew(entry);
        }
    }

    /** Takes an entry out, if it is in. */
    void remove(E entry) {
        Node<E> node = entryNode(entry);
        if (!node.present) {
            return;
        }
        node.present = false;
        unlink(entry);
        (node.resident ? residents : guests).detach(entry);
        size--;
    }

    /** Takes all out. */
    void clear() {
        table = newTable(256);
        size = 0;
        guests.clear();
        residents.clear();
    }

    int size() {
        return size;
    }

    long bytes() {
        return guests.bytes + residents.bytes;
    }

    /** Lets go of unpinned entries while over the bound. */
    void trim() {
        seeGuestsOff();
        int looks = EVICTION_LOOKS_MAX;
        while (bytes() > bytesMax && residents.oldest != null && looks-- > 0) {
            E candidate = residents.oldest;
            if (candidate.pinned() || candidate == residents.newest) {
                used(candidate); // comes round again after the write
            } else {
                remove(candidate);
                looks = EVICTION_LOOKS_MAX;
            }
        }
    }

    /** Decides about the oldest guests when there are many; but never about the newest, which its user has still to pin. */
    private void seeGuestsOff() {
        int looks = EVICTION_LOOKS_MAX;
        while (guests.bytes > bytesMax / GUESTS_PART && looks-- > 0) {
            E guest = guests.oldest;
            if (guest == null || guest == guests.newest) {
                return;
            }
            if (guest.pinned()) {
                guests.renew(guest); // comes round again after the write
                continue;
            }
            boolean stranger = doorkeeper.isNew(guest.hash());
            if (stranger && bytes() > bytesMax) {
                remove(guest);
            } else {
                guests.detach(guest);
                entryNode(guest).resident = true;
                residents.append(guest);
            }
            looks = EVICTION_LOOKS_MAX;
        }
    }

    private int slot(int hash) {
        return (hash ^ (hash >>> 16)) & (table.length - 1);
    }

    private void link(E entry) {
        int slot = slot(entry.hash());
        Node<E> first = table[slot];
        entryNode(entry).chain = first == null ? null : first.self();
        table[slot] = entry;
    }

    private void unlink(E entry) {
        int slot = slot(entry.hash());
        Node<E> at = table[slot];
        if (at == entry) {
            table[slot] = entryNode(entry).chain;
            return;
        }
        while (at != null) {
            if (at.chain == entry) {
                at.chain = entryNode(entry).chain;
                return;
            }
            at = at.chain;
        }
    }

    private void grow() {
        table = newTable(table.length * 2);
        linkAll(guests);
        linkAll(residents);
    }

    private void linkAll(Ages<E> ages) {
        for (E entry = ages.oldest; entry != null; entry = entryNode(entry).newer) {
            link(entry);
        }
    }

    /** Private fields are reachable only through the declaring type. */
    private static <E extends Node<E>> Node<E> entryNode(E entry) {
        return entry;
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static <E extends Node<E>> @Nullable Node<E>[] newTable(int length) {
        return (Node<E>[]) new Node[length];
    }
}
