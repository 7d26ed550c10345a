package io.leafd.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A subject (or a filter) as immutable bytes, with its hash. Any thread.
 *
 * <p>Subjects stay bytes on their way through the broker: they are compared and hashed as bytes, and become a {@link
 * String} only where a person or a configuration meets them. Nothing is validated here: see {@link Subjects}.
 */
public final class Subject implements Comparable<Subject> {
    /**
     * Another one in each process: nobody can choose many subjects of one hash. (With Java's 31 for a factor, of reply subjects in base 36
     * that count up, a third had the hash of another one.)
     */
    private static final int SEED = ThreadLocalRandom.current().nextInt();

    private final byte[] bytes;
    private final int hash;
    private @Nullable String text;

    private Subject(byte[] bytes) {
        this.bytes = bytes;
        this.hash = hash(bytes, 0, bytes.length);
    }

    /** The subject with this text, encoded as UTF-8. */
    public static Subject of(String text) {
        var subject = new Subject(text.getBytes(StandardCharsets.UTF_8));
        subject.text = text;
        return subject;
    }

    /** A copy of {@code length} bytes of {@code buf}. */
    public static Subject copyOf(byte[] buf, int offset, int length) {
        return new Subject(Arrays.copyOfRange(buf, offset, offset + length));
    }

    /** The hash of a slice: equal to {@link #hashCode} of the subject made of the same bytes. */
    public static int hash(byte[] buf, int offset, int length) {
        int h = SEED;
        for (int i = offset, end = offset + length; i < end; i++) {
            h = (h ^ buf[i]) * 0x01000193;
        }
        return h ^ h >>> 15;
    }

    /** The bytes themselves, not a copy: the caller must not write to them. */
    public byte[] bytes() {
        return bytes;
    }

    /** Length in bytes. */
    public int length() {
        return bytes.length;
    }

    /** Whether these are exactly the bytes of the slice. */
    public boolean sameBytes(byte[] buf, int offset, int length) {
        return Arrays.equals(bytes, 0, bytes.length, buf, offset, offset + length);
    }

    /** Whether the subject begins with the ASCII text {@code prefix}. */
    public boolean startsWith(String prefix) {
        return Subjects.startsWith(bytes, 0, bytes.length, prefix);
    }

    @Override
    public int compareTo(Subject other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Subject that && hash == that.hash && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        String known = text;
        if (known == null) {
            known = new String(bytes, StandardCharsets.UTF_8);
            text = known;
        }
        return known;
    }
}
