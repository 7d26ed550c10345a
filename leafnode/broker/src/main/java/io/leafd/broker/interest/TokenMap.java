package io.leafd.broker.interest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An immutable map from subject tokens (bytes) to values: a hash array mapped trie. Any thread.
 *
 * <p>A change copies one path of at most seven small arrays and shares the rest, so that a node with a million children
 * costs no more to change than one with ten, and a reader of the old map is never disturbed.
 *
 * <p>Kinds of slots are told apart by {@code instanceof}: a {@code switch} over types is slower here, and makes a class when it is first
 * used, which costs a starting leafd 10 ms.
 *
 * <pre>
 *   slots of a branch, 5 hash bits per level, only the used ones present (bitmap):
 *     Entry(token, value) | TokenMap (next level) | Same (entries whose 32 bits of hash are equal)
 * </pre>
 */
final class TokenMap<V> {
    private static final int BITS = 5;
    private static final int LAST_SHIFT = 30;
    private static final TokenMap<?> EMPTY = new TokenMap<>(0, new Object[0]);

    private final int bitmap;
    private final Object[] slots;

    private TokenMap(int bitmap, Object[] slots) {
        this.bitmap = bitmap;
        this.slots = slots;
    }

    /** A token with its hash. */
    record Entry<V>(byte[] token, int hash, V value) {
        boolean is(int otherHash, byte[] buf, int from, int to) {
            return hash == otherHash && Arrays.equals(token, 0, token.length, buf, from, to);
        }
    }

    /** Entries that no hash bit tells apart; at least two. */
    private record Same<V>(List<Entry<V>> entries) {}

    @SuppressWarnings("unchecked") // holds no value
    static <V> TokenMap<V> empty() {
        return (TokenMap<V>) EMPTY;
    }

    /** Hash of a token. */
    static int hash(byte[] buf, int from, int to) {
        int h = 0x811c9dc5;
        for (int i = from; i < to; i++) {
            h = (h ^ buf[i]) * 0x01000193;
        }
        return h ^ h >>> 15;
    }

    boolean isEmpty() {
        return slots.length == 0;
    }

    /** The value of a token, or null. */
    @Nullable
    V get(byte[] buf, int from, int to) {
        int hash = hash(buf, from, to);
        TokenMap<V> map = this;
        for (int shift = 0; ; shift += BITS) {
            Object slot = map.slot(hash, shift);
            if (slot == null) {
                return null;
            }
            if (slot instanceof Entry<?> entry) {
                return entry.is(hash, buf, from, to) ? value(entry) : null;
            }
            if (slot instanceof Same<?> same) {
                for (Entry<?> entry : same.entries) {
                    if (entry.is(hash, buf, from, to)) {
                        return value(entry);
                    }
                }
                return null;
            }
            map = child(slot);
        }
    }

    /** The map with this token set to {@code value}, or without it if that is null. */
    TokenMap<V> with(byte[] token, @Nullable V value) {
        int hash = hash(token, 0, token.length);
        return value == null ? without(token, hash, 0) : put(new Entry<>(token, hash, value), 0);
    }

    void forEach(Consumer<V> visitor) {
        for (Object slot : slots) {
            if (slot instanceof Entry<?> entry) {
                visitor.accept(value(entry));
            } else if (slot instanceof Same<?> same) {
                for (Entry<?> entry : same.entries) {
                    visitor.accept(value(entry));
                }
            } else {
                child(slot).forEach(visitor);
            }
        }
    }

    private @Nullable Object slot(int hash, int shift) {
        int bit = 1 << (hash >>> shift & 31);
        return (bitmap & bit) == 0 ? null : slots[Integer.bitCount(bitmap & bit - 1)];
    }

    private TokenMap<V> put(Entry<V> entry, int shift) {
        int bit = 1 << (entry.hash >>> shift & 31);
        int at = Integer.bitCount(bitmap & bit - 1);
        if ((bitmap & bit) == 0) {
            var more = new Object[slots.length + 1];
            System.arraycopy(slots, 0, more, 0, at);
            more[at] = entry;
            System.arraycopy(slots, at, more, at + 1, slots.length - at);
            return new TokenMap<>(bitmap | bit, more);
        }
        Object[] copy = slots.clone();
        copy[at] = merged(slots[at], entry, shift);
        return new TokenMap<>(bitmap, copy);
    }

    private Object merged(Object slot, Entry<V> entry, int shift) {
        if (slot instanceof Entry<?> old) {
            if (old.is(entry.hash, entry.token, 0, entry.token.length)) {
                return entry;
            }
            if (shift >= LAST_SHIFT) {
                return new Same<>(List.of(sameType(old), entry));
            }
            return TokenMap.<V>empty().put(sameType(old), shift + BITS).put(entry, shift + BITS);
        }
        if (slot instanceof Same<?> same) {
            List<Entry<V>> more = removed(same, entry.token);
            more.add(entry);
            return new Same<>(more);
        }
        return child(slot).put(entry, shift + BITS);
    }

    private TokenMap<V> without(byte[] token, int hash, int shift) {
        int bit = 1 << (hash >>> shift & 31);
        if ((bitmap & bit) == 0) {
            return this;
        }
        int at = Integer.bitCount(bitmap & bit - 1);
        Object left = left(slots[at], token, hash, shift);
        if (left != null) {
            Object[] copy = slots.clone();
            copy[at] = left;
            return new TokenMap<>(bitmap, copy);
        }
        var fewer = new Object[slots.length - 1];
        System.arraycopy(slots, 0, fewer, 0, at);
        System.arraycopy(slots, at + 1, fewer, at, fewer.length - at);
        return new TokenMap<>(bitmap & ~bit, fewer);
    }

    /** What remains of a slot without this token; null for nothing. */
    private @Nullable Object left(Object slot, byte[] token, int hash, int shift) {
        if (slot instanceof Entry<?> entry) {
            return entry.is(hash, token, 0, token.length) ? null : entry;
        }
        if (slot instanceof Same<?> same) {
            List<Entry<V>> rest = removed(same, token);
            return rest.size() == 1 ? rest.getFirst() : new Same<>(rest);
        }
        TokenMap<V> shrunk = child(slot).without(token, hash, shift + BITS);
        if (shrunk.isEmpty()) {
            return null;
        }
        return shrunk.slots.length == 1 && shrunk.slots[0] instanceof Entry<?> ? shrunk.slots[0] : shrunk;
    }

    private List<Entry<V>> removed(Same<?> same, byte[] token) {
        var rest = new ArrayList<Entry<V>>();
        for (Entry<?> entry : same.entries) {
            if (!Arrays.equals(entry.token, token)) {
                rest.add(sameType(entry));
            }
        }
        return rest;
    }

    @SuppressWarnings("unchecked") // only put(Entry<V>) fills slots
    private V value(Entry<?> entry) {
        return (V) entry.value;
    }

    @SuppressWarnings("unchecked")
    private Entry<V> sameType(Entry<?> entry) {
        return (Entry<V>) entry;
    }

    @SuppressWarnings("unchecked")
    private TokenMap<V> child(Object slot) {
        return (TokenMap<V>) slot;
    }
}
