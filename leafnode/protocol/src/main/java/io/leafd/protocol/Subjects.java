package io.leafd.protocol;

import java.nio.charset.StandardCharsets;

/**
 * The grammar of subjects as pure functions on bytes and strings. Any thread.
 *
 * <p>Tokens are split by {@code .}; a token that is exactly {@code *} stands for one token, a last token that is exactly
 * {@code >} for one or more. {@code a*b} is a literal token. Source: observed on nats-server 2.15.2.
 */
public final class Subjects {
    private static final int DOT = '.';

    private Subjects() {}

    /** Whether a SUB may name this: no empty token, no blank, {@code >} only as the last token. */
    public static boolean isValidFilter(byte[] buf, int offset, int length) {
        if (length == 0) {
            return false;
        }
        int end = offset + length;
        int tokenStart = offset;
        for (int i = offset; i <= end; i++) {
            if (i < end && buf[i] != DOT) {
                if (isBlank(buf[i])) {
                    return false;
                }
                continue;
            }
            if (i == tokenStart) {
                return false;
            }
            if (i - tokenStart == 1 && buf[tokenStart] == '>' && i < end) {
                return false;
            }
            tokenStart = i + 1;
        }
        return true;
    }

    /** {@link #isValidFilter(byte[], int, int)} of a text. */
    public static boolean isValidFilter(String filter) {
        byte[] bytes = filter.getBytes(StandardCharsets.UTF_8);
        return isValidFilter(bytes, 0, bytes.length);
    }

    /** Whether there is no wildcard token. Says nothing about validity. */
    public static boolean isLiteral(byte[] buf, int offset, int length) {
        int end = offset + length;
        for (int i = offset; i < end; i++) {
            if ((buf[i] == '*' || buf[i] == '>') && isWholeToken(buf, i, offset, end)) {
                return false;
            }
        }
        return true;
    }

    /** {@link #isLiteral(byte[], int, int)} of a text. */
    public static boolean isLiteral(String subject) {
        byte[] bytes = subject.getBytes(StandardCharsets.UTF_8);
        return isLiteral(bytes, 0, bytes.length);
    }

    /** A valid filter without wildcards: what a well-behaved publisher names. */
    public static boolean isValidLiteral(String subject) {
        return isValidFilter(subject) && isLiteral(subject);
    }

    /** Whether some token is empty: such a published subject matches nothing. */
    public static boolean hasEmptyToken(byte[] buf, int offset, int length) {
        if (length == 0 || buf[offset] == DOT || buf[offset + length - 1] == DOT) {
            return true;
        }
        for (int i = offset + 1, end = offset + length; i < end; i++) {
            if (buf[i] == DOT && buf[i - 1] == DOT) {
                return true;
            }
        }
        return false;
    }

    /** Whether {@code filter} matches the subject, whose tokens are all taken literally. */
    public static boolean matches(byte[] filter, byte[] buf, int offset, int length) {
        int f = 0;
        int s = offset;
        int end = offset + length;
        while (f < filter.length) {
            if (s >= end) {
                return false;
            }
            int fEnd = tokenEnd(filter, f, filter.length);
            if (fEnd - f == 1 && filter[f] == '>' && fEnd == filter.length) {
                return true;
            }
            int sEnd = tokenEnd(buf, s, end);
            boolean any = fEnd - f == 1 && filter[f] == '*';
            if (!any && !sameToken(filter, f, fEnd, buf, s, sEnd)) {
                return false;
            }
            boolean fLast = fEnd == filter.length;
            boolean sLast = sEnd == end;
            if (fLast || sLast) {
                return fLast && sLast;
            }
            f = fEnd + 1;
            s = sEnd + 1;
        }
        return false;
    }

    /** {@link #matches(byte[], byte[], int, int)} of texts. */
    public static boolean matches(String filter, String subject) {
        byte[] bytes = subject.getBytes(StandardCharsets.UTF_8);
        return matches(filter.getBytes(StandardCharsets.UTF_8), bytes, 0, bytes.length);
    }

    /** Whether every subject that {@code filter} matches is matched by {@code of} as well. */
    public static boolean isSubset(String filter, String of) {
        String[] a = filter.split("\\.", -1);
        String[] b = of.split("\\.", -1);
        for (int i = 0; i < b.length; i++) {
            if (i >= a.length) {
                return false;
            }
            if (b[i].equals(">") && i == b.length - 1) {
                return true;
            }
            if (a[i].equals(">") && i == a.length - 1) {
                return false;
            }
            if (!b[i].equals("*") && !b[i].equals(a[i])) {
                return false;
            }
        }
        return a.length == b.length;
    }

    /** Whether some subject is matched by both filters. */
    public static boolean overlaps(String one, String other) {
        String[] a = one.split("\\.", -1);
        String[] b = other.split("\\.", -1);
        for (int i = 0; ; i++) {
            if (i == a.length || i == b.length) {
                return a.length == b.length;
            }
            if (a[i].equals(">") || b[i].equals(">")) {
                return true;
            }
            if (!a[i].equals("*") && !b[i].equals("*") && !a[i].equals(b[i])) {
                return false;
            }
        }
    }

    /** Whether a slice begins with the ASCII text {@code prefix}. */
    public static boolean startsWith(byte[] buf, int offset, int length, String prefix) {
        if (length < prefix.length()) {
            return false;
        }
        for (int i = 0; i < prefix.length(); i++) {
            if (buf[offset + i] != prefix.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Number of tokens: one more than the dots. */
    public static int tokenCount(byte[] buf, int offset, int length) {
        int count = 1;
        for (int i = offset, end = offset + length; i < end; i++) {
            if (buf[i] == DOT) {
                count++;
            }
        }
        return count;
    }

    private static boolean isWholeToken(byte[] buf, int at, int start, int end) {
        return (at == start || buf[at - 1] == DOT) && (at + 1 == end || buf[at + 1] == DOT);
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t' || b == '\r' || b == '\n' || b == '\f';
    }

    /** Where the token that begins at {@code from} ends. */
    public static int tokenEnd(byte[] buf, int from, int end) {
        int i = from;
        while (i < end && buf[i] != DOT) {
            i++;
        }
        return i;
    }

    private static boolean sameToken(byte[] a, int aFrom, int aEnd, byte[] b, int bFrom, int bEnd) {
        return java.util.Arrays.equals(a, aFrom, aEnd, b, bFrom, bEnd);
    }
}
