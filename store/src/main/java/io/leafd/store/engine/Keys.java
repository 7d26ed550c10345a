package io.leafd.store.engine;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/** Small things about keys: numbers in keys are big endian, so that byte order is number order. */
public final class Keys {
    private Keys() {}

    /** The key of one number. */
    public static byte[] of(long a) {
        return ByteBuffer.allocate(8).putLong(a).array();
    }

    /** The key of two numbers. */
    public static byte[] of(long a, long b) {
        return ByteBuffer.allocate(16).putLong(a).putLong(b).array();
    }

    /** The key of three numbers. */
    public static byte[] of(long a, long b, long c) {
        return ByteBuffer.allocate(24).putLong(a).putLong(b).putLong(c).array();
    }

    /** The first eight bytes of a key, which in most families are the stream's id; 0 of a shorter key. */
    static long owner(ByteBuffer key) {
        return key.remaining() < Long.BYTES ? 0 : key.getLong(key.position());
    }

    /** A key for messages to people. */
    public static String toHex(ByteBuffer key) {
        byte[] copy = new byte[key.remaining()];
        key.get(key.position(), copy);
        return HexFormat.of().formatHex(copy);
    }
}
