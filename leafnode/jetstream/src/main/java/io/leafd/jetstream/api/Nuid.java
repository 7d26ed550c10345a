package io.leafd.jetstream.api;

import java.util.random.RandomGenerator;

/** Names that nobody else makes: letters and digits from a source of randomness. Any thread, as far as the source allows. */
public final class Nuid {
    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int LENGTH = 22;

    private Nuid() {}

    /** A name of 22 characters. */
    public static String next(RandomGenerator random) {
        return next(random, LENGTH);
    }

    /** A name of {@code length} characters. */
    public static String next(RandomGenerator random, int length) {
        var text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(DIGITS.charAt(random.nextInt(DIGITS.length())));
        }
        return text.toString();
    }
}
