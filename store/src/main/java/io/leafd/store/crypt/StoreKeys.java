package io.leafd.store.crypt;

import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a store: the first encrypts, the others only decrypt what was written before it. Immutable; any thread.
 *
 * <p>A key is known by its fingerprint, which tells nothing about it: 32 hex digits in the store's files, the first 8 of them in
 * messages to the owner.
 */
public final class StoreKeys {
    /** No key: records are written in the clear. */
    public static final StoreKeys NONE = new StoreKeys(List.of());

    private static final int SHORT_DIGITS = 8;

    private final List<StoreKey> keys;

    private StoreKeys(List<StoreKey> keys) {
        this.keys = keys;
    }

    /**
     * Keys of 32 bytes each; copied.
     *
     * @throws IllegalArgumentException if a key has another length, or two cannot be told apart
     */
    public static StoreKeys of(List<byte[]> secrets) {
        List<StoreKey> keys = secrets.stream().map(StoreKey::new).toList();
        var ids = new HashSet<Integer>();
        for (StoreKey key : keys) {
            if (!ids.add(key.id())) {
                throw new IllegalArgumentException(
                        "two store keys have the same short fingerprint " + brief(key.fingerprint()));
            }
        }
        return new StoreKeys(keys);
    }

    /** Whether there is none. */
    public boolean isEmpty() {
        return keys.isEmpty();
    }

    /** Fingerprints of all, in their order. */
    public List<String> fingerprints() {
        return keys.stream().map(StoreKey::fingerprint).toList();
    }

    /** What the records of the key that encrypts say: their bytes 1 to 4. */
    public int firstId() {
        return first().id();
    }

    /** A fingerprint as messages show it. */
    public static String brief(String fingerprint) {
        return fingerprint.substring(0, Math.min(SHORT_DIGITS, fingerprint.length()));
    }

    /** The key that encrypts. */
    StoreKey first() {
        return keys.getFirst();
    }

    /** The key that records call so, null if it is none of these. */
    @Nullable
    StoreKey find(int id) {
        for (StoreKey key : keys) {
            if (key.id() == id) {
                return key;
            }
        }
        return null;
    }

    /** Short fingerprints, never a key. */
    @Override
    public String toString() {
        return keys.stream().map(key -> brief(key.fingerprint())).collect(Collectors.joining(", ", "[", "]"));
    }
}
