package io.leafd.jetstream.api;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Eight letters and digits that stand for a longer text: account names in subjects, the identity of a stream. Pure.
 *
 * <p>The first eight bytes of the SHA-256, each modulo 62. Source: nats-server 2.15, whose names must come out the same.
 */
public final class NameHash {
    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int LENGTH = 8;

    private NameHash() {}

    /** The hash of a text. */
    public static String of(String text) {
        byte[] sum;
        try {
            sum = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
        var hash = new StringBuilder(LENGTH);
        for (int i = 0; i < LENGTH; i++) {
            hash.append(DIGITS.charAt((sum[i] & 0xff) % DIGITS.length()));
        }
        return hash.toString();
    }
}
