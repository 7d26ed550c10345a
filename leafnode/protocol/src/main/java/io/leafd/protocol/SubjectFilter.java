package io.leafd.protocol;

import org.jspecify.annotations.Nullable;

/**
 * A valid subject filter, literal or with wildcards. Immutable, any thread.
 *
 * @param subject the filter's own bytes
 * @param literal whether it names exactly one subject
 */
public record SubjectFilter(Subject subject, boolean literal) {
    /** Matches everything. */
    public static final SubjectFilter ALL = SubjectFilter.of(">");

    /**
     * The filter with this text.
     *
     * @throws IllegalArgumentException if it is no valid filter
     */
    public static SubjectFilter of(String text) {
        return of(Subject.of(text));
    }

    /**
     * The filter with these bytes.
     *
     * @throws IllegalArgumentException if it is no valid filter
     */
    public static SubjectFilter of(Subject subject) {
        byte[] bytes = subject.bytes();
        if (!Subjects.isValidFilter(bytes, 0, bytes.length)) {
            throw new IllegalArgumentException("invalid subject filter \"" + subject + "\"");
        }
        return new SubjectFilter(subject, Subjects.isLiteral(bytes, 0, bytes.length));
    }

    /** Whether the filter is {@code >}. */
    public boolean all() {
        return subject.length() == 1 && subject.bytes()[0] == '>';
    }

    /** Whether it matches this literal subject. */
    public boolean matches(Subject literalSubject) {
        byte[] bytes = literalSubject.bytes();
        return literal ? subject.equals(literalSubject) : Subjects.matches(subject.bytes(), bytes, 0, bytes.length);
    }

    /** Whether it matches this slice of a buffer, taken literally. */
    public boolean matches(byte[] buf, int offset, int length) {
        return literal
                ? subject.sameBytes(buf, offset, length)
                : Subjects.matches(subject.bytes(), buf, offset, length);
    }

    /** Bytes that every matching subject begins with: the literal tokens before the first wildcard, with their dot. */
    public Subject literalPrefix() {
        byte[] bytes = subject.bytes();
        int tokenStart = 0;
        for (int i = 0; i <= bytes.length; i++) {
            if (i == bytes.length || bytes[i] == '.') {
                if (i - tokenStart == 1 && (bytes[tokenStart] == '*' || bytes[tokenStart] == '>')) {
                    return Subject.copyOf(bytes, 0, tokenStart);
                }
                tokenStart = i + 1;
            }
        }
        return subject;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SubjectFilter that && subject.equals(that.subject);
    }

    @Override
    public int hashCode() {
        return subject.hashCode();
    }

    @Override
    public String toString() {
        return subject.toString();
    }
}
