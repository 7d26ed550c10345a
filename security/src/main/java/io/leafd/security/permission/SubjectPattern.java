package io.leafd.security.permission;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A subject with or without wildcards, and the three questions permissions ask of it. Immutable; any thread.
 *
 * <p>{@code *} alone in a token stands for one token, {@code >} alone as the last token for one or more; anywhere else they
 * are ordinary characters. Every question walks the bytes once and allocates nothing.
 *
 * <pre>
 *   a.*      matches  a.b  a.*            (a published subject is text: its wildcard characters mean nothing)
 *   a.*      contains a.b  a.*      not a.>      every subject of the other is one of this
 *   a.*      overlaps *.b  a.>  >   not b.*      some subject is one of both
 * </pre>
 */
final class SubjectPattern {
    private final byte[] text;
    private final boolean wildcard;

    private SubjectPattern(byte[] text) {
        this.text = text;
        this.wildcard = hasWildcard(text);
    }

    /** The pattern. The text must be {@linkplain #valid valid}. */
    static SubjectPattern of(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        assert valid(bytes) : text;
        return new SubjectPattern(bytes);
    }

    /** No empty token, no blank or control character, and {@code >} only as the last token. */
    static boolean valid(byte[] text) {
        if (!wellFormed(text, 0, text.length)) {
            return false;
        }
        for (int i = 0; i < text.length; i++) {
            if ((text[i] >= 0 && text[i] <= ' ') || (i + 1 < text.length && aloneAt(text, i, '>'))) {
                return false;
            }
        }
        return true;
    }

    /** Whether no token is empty. A subject that is not well formed matches nothing. */
    static boolean wellFormed(byte[] subject, int from, int to) {
        boolean tokenEmpty = true;
        for (int i = from; i < to; i++) {
            if (subject[i] != '.') {
                tokenEmpty = false;
            } else if (tokenEmpty) {
                return false;
            } else {
                tokenEmpty = true;
            }
        }
        return !tokenEmpty;
    }

    private static boolean hasWildcard(byte[] text) {
        for (int i = 0; i < text.length; i++) {
            if (aloneAt(text, i, '*') || aloneAt(text, i, '>')) {
                return true;
            }
        }
        return false;
    }

    private static boolean aloneAt(byte[] text, int at, char wildcard) {
        return text[at] == wildcard
                && (at == 0 || text[at - 1] == '.')
                && (at + 1 == text.length || text[at + 1] == '.');
    }

    boolean wildcard() {
        return wildcard;
    }

    /** Whether a published subject is one of this. It must be well formed. Most mismatches show in the first bytes. */
    boolean matches(byte[] subject, int from, int to) {
        if (!wildcard) {
            return Arrays.equals(text, 0, text.length, subject, from, to);
        }
        int here = 0;
        int there = from;
        while (here < text.length && there < to) {
            byte wanted = text[here];
            if (wanted == '>' && aloneAt(text, here, '>')) {
                return true;
            }
            if (wanted == '*' && aloneAt(text, here, '*')) {
                there = tokenEnd(subject, there, to);
            } else if (wanted == subject[there]) {
                there++;
            } else {
                return false;
            }
            here++;
        }
        return here == text.length && there == to;
    }

    /** Whether every subject of the other is one of this. */
    boolean contains(SubjectPattern other) {
        byte[] that = other.text;
        int here = 0;
        int there = 0;
        while (!startsWildcard(text, here, '>')) {
            if (startsWildcard(that, there, '>')) {
                return false;
            }
            int hereEnd = tokenEnd(text, here, text.length);
            int thereEnd = tokenEnd(that, there, that.length);
            if (!startsWildcard(text, here, '*')
                    && (startsWildcard(that, there, '*')
                            || !Arrays.equals(text, here, hereEnd, that, there, thereEnd))) {
                return false;
            }
            if (hereEnd == text.length || thereEnd == that.length) {
                return hereEnd == text.length && thereEnd == that.length;
            }
            here = hereEnd + 1;
            there = thereEnd + 1;
        }
        return true;
    }

    /** Whether some subject is one of both. */
    boolean overlaps(SubjectPattern other) {
        byte[] that = other.text;
        int here = 0;
        int there = 0;
        while (true) {
            if (startsWildcard(text, here, '>') || startsWildcard(that, there, '>')) {
                return true;
            }
            int hereEnd = tokenEnd(text, here, text.length);
            int thereEnd = tokenEnd(that, there, that.length);
            if (!startsWildcard(text, here, '*')
                    && !startsWildcard(that, there, '*')
                    && !Arrays.equals(text, here, hereEnd, that, there, thereEnd)) {
                return false;
            }
            if (hereEnd == text.length || thereEnd == that.length) {
                return hereEnd == text.length && thereEnd == that.length;
            }
            here = hereEnd + 1;
            there = thereEnd + 1;
        }
    }

    /** Whether the token that begins at {@code at} is that wildcard alone. */
    private static boolean startsWildcard(byte[] text, int at, char wildcard) {
        return text[at] == wildcard && (at + 1 == text.length || text[at + 1] == '.');
    }

    private static int tokenEnd(byte[] text, int from, int to) {
        int at = from;
        while (at < to && text[at] != '.') {
            at++;
        }
        return at;
    }

    @Override
    public String toString() {
        return new String(text, StandardCharsets.UTF_8);
    }
}
