package io.leafd.broker.interest;

/**
 * What objects take on the heap, with the JVM flags that leafd is shipped with: headers of 8 bytes, references of 4, everything a
 * multiple of 8. Pure. With larger headers it is a tenth more.
 */
public final class HeapSize {
    private static final int HEADER_BYTES = 8;
    private static final int ARRAY_HEADER_BYTES = 12;

    /** A reference. */
    public static final int REFERENCE_BYTES = 4;

    private HeapSize() {}

    /** An object with fields of so many bytes. */
    public static long object(int fieldBytes) {
        return aligned((long) HEADER_BYTES + fieldBytes);
    }

    /** An array of so many bytes. */
    public static long bytes(int length) {
        return aligned((long) ARRAY_HEADER_BYTES + length);
    }

    /** An array of so many references. */
    public static long references(int length) {
        return aligned(ARRAY_HEADER_BYTES + (long) length * REFERENCE_BYTES);
    }

    private static long aligned(long size) {
        return (size + 7) & -8L;
    }
}
