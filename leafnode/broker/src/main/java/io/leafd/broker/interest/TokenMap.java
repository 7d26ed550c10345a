package io.leafd.broker.interest;

import io.leafd.protocol.Subject;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An immutable map from subject tokens to places of the trie, which know their tokens: a hash array mapped trie. Any thread.
 *
 * <p>A change copies one path of at most seven small arrays and shares the rest, so that a node with a million children
 * costs no more to change than one with ten, and a reader of the old map is never disturbed.
 *
 * <p>Kinds of slots are told apart by {@code instanceof}: a {@code switch} over types is slower here, and makes a class when it is first
 * used, which costs a starting leafd 10 ms.
 *
 * <pre>
 *   slots of a branch, 5 hash bits per level, only the used ones present (bitmap):
 *     Fork or Wishes (a place) | TokenMap (next level) | Same (places whose tokens have 32 equal bits of hash)
 * </pre>
 *
 * <p>A fork has its token. Wishes have it in their filter, at the offset where those of all filters in this map begin; in what follows that
 * offset is {@code at}, in the line of a {@link Subscription}. The form depends only on what is in the map, not on how it came there.
 */
final class TokenMap {
    static final TokenMap EMPTY = new TokenMap(0, new Object[0]);

    private static final int BITS = 5;
    private static final int LAST_SHIFT = 30;
    private static final long OWN_BYTES = HeapSize.object(4 + HeapSize.REFERENCE_BYTES);

    private final int bitmap;
    private final Object[] slots;

    private TokenMap(int bitmap, Object[] slots) {
        this.bitmap = bitmap;
        this.slots = slots;
    }

    /** Places that no hash bit tells apart; at least two. */
    private record Same(Object[] places) {}

    /** A token of a filter, {@code line[at, end)}, with its hash. */
    private record Token(byte[] line, int at, int end, int hash) {
        boolean leadsTo(Object place) {
            return isOf(place, at, line, at, end);
        }
    }

    /** Hash of a token, as that of a subject of its bytes: nobody can choose many of one hash. */
    static int hash(byte[] buf, int from, int to) {
        return Subject.hash(buf, from, to - from);
    }

    boolean isEmpty() {
        return slots.length == 0;
    }

    /** Its place if it has only one, else null. */
    @Nullable
    Object only() {
        return slots.length == 1 && isPlace(slots[0]) ? slots[0] : null;
    }

    /** The place of a token, or null. */
    @Nullable
    Object get(byte[] buf, int from, int to, int at) {
        int hash = hash(buf, from, to);
        TokenMap map = this;
        for (int shift = 0; ; shift += BITS) {
            Object slot = map.slot(hash, shift);
            if (slot instanceof TokenMap next) {
                map = next;
            } else if (slot instanceof Same same) {
                for (Object place : same.places) {
                    if (isOf(place, at, buf, from, to)) {
                        return place;
                    }
                }
                return null;
            } else {
                return slot != null && isOf(slot, at, buf, from, to) ? slot : null;
            }
        }
    }

    /** The map with the token {@code line[at, end)} set to {@code place}, or without it if that is null. */
    TokenMap with(byte[] line, int at, int end, @Nullable Object place) {
        var token = new Token(line, at, end, hash(line, at, end));
        return place == null ? without(token, 0) : put(token, place, 0);
    }

    /** Visits every place. */
    void forEach(Consumer<Object> visitor) {
        for (Object slot : slots) {
            if (slot instanceof TokenMap map) {
                map.forEach(visitor);
            } else if (slot instanceof Same same) {
                Arrays.asList(same.places).forEach(visitor);
            } else {
                visitor.accept(slot);
            }
        }
    }

    /** What the branches take that lead to the token {@code line[at, end)}. */
    long pathBytes(byte[] line, int at, int end) {
        int hash = hash(line, at, end);
        long bytes = 0;
        Object slot = this;
        for (int shift = 0; slot instanceof TokenMap map && !map.isEmpty(); shift += BITS) {
            bytes += map.ownBytes();
            slot = map.slot(hash, shift);
        }
        return slot instanceof Same same ? bytes + bytesOf(same) : bytes;
    }

    /** What all branches take. */
    long heapBytes() {
        long bytes = isEmpty() ? 0 : ownBytes();
        for (Object slot : slots) {
            if (slot instanceof TokenMap map) {
                bytes += map.heapBytes();
            } else if (slot instanceof Same same) {
                bytes += bytesOf(same);
            }
        }
        return bytes;
    }

    private long ownBytes() {
        return OWN_BYTES + HeapSize.references(slots.length);
    }

    private static long bytesOf(Same same) {
        return HeapSize.object(HeapSize.REFERENCE_BYTES) + HeapSize.references(same.places.length);
    }

    private static boolean isPlace(Object slot) {
        return slot instanceof Wishes || slot instanceof Fork;
    }

    private static boolean isOf(Object place, int at, byte[] buf, int from, int to) {
        if (place instanceof Fork fork) {
            return Arrays.equals(fork.token(), 0, fork.token().length, buf, from, to);
        }
        return ((Wishes) place).first().hasToken(at, buf, from, to);
    }

    private static Token tokenOf(Object place, int at) {
        if (place instanceof Fork fork) {
            byte[] token = fork.token();
            return new Token(token, 0, token.length, hash(token, 0, token.length));
        }
        Subscription first = ((Wishes) place).first();
        int end = first.tokenEnd(at);
        return new Token(first.line(), at, end, hash(first.line(), at, end));
    }

    private @Nullable Object slot(int hash, int shift) {
        int bit = 1 << (hash >>> shift & 31);
        return (bitmap & bit) == 0 ? null : slots[Integer.bitCount(bitmap & bit - 1)];
    }

    private TokenMap put(Token token, Object place, int shift) {
        int bit = 1 << (token.hash >>> shift & 31);
        int at = Integer.bitCount(bitmap & bit - 1);
        if ((bitmap & bit) == 0) {
            return new TokenMap(bitmap | bit, Slots.inserted(slots, at, place));
        }
        return new TokenMap(bitmap, Slots.replaced(slots, at, merged(slots[at], token, place, shift)));
    }

    private static Object merged(Object slot, Token token, Object place, int shift) {
        if (slot instanceof TokenMap map) {
            return map.put(token, place, shift + BITS);
        }
        if (slot instanceof Same same) {
            int old = indexOf(same, token);
            return new Same(
                    old < 0
                            ? Slots.inserted(same.places, same.places.length, place)
                            : Slots.replaced(same.places, old, place));
        }
        if (token.leadsTo(slot)) {
            return place;
        }
        if (shift >= LAST_SHIFT) {
            return new Same(new Object[] {slot, place});
        }
        return EMPTY.put(tokenOf(slot, token.at), slot, shift + BITS).put(token, place, shift + BITS);
    }

    private TokenMap without(Token token, int shift) {
        int bit = 1 << (token.hash >>> shift & 31);
        if ((bitmap & bit) == 0) {
            return this;
        }
        int at = Integer.bitCount(bitmap & bit - 1);
        Object left = left(slots[at], token, shift);
        if (left == null) {
            return slots.length == 1 ? EMPTY : new TokenMap(bitmap & ~bit, Slots.removed(slots, at));
        }
        return left == slots[at] ? this : new TokenMap(bitmap, Slots.replaced(slots, at, left));
    }

    /** What remains of a slot without this token; null for nothing. */
    private static @Nullable Object left(Object slot, Token token, int shift) {
        if (slot instanceof TokenMap map) {
            TokenMap shrunk = map.without(token, shift + BITS);
            return shrunk.slots.length == 1 && !(shrunk.slots[0] instanceof TokenMap) ? shrunk.slots[0] : shrunk;
        }
        if (slot instanceof Same same) {
            int gone = indexOf(same, token);
            if (gone < 0) {
                return same;
            }
            Object[] rest = Slots.removed(same.places, gone);
            return rest.length == 1 ? rest[0] : new Same(rest);
        }
        return token.leadsTo(slot) ? null : slot;
    }

    private static int indexOf(Same same, Token token) {
        for (int i = 0; i < same.places.length; i++) {
            if (token.leadsTo(same.places[i])) {
                return i;
            }
        }
        return -1;
    }
}
