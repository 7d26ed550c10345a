package io.leafd.packaging;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** Compresses as {@code gzip -9n} does: smallest, without a name or a time. */
final class Gzip {
    private Gzip() {}

    static byte[] compress(byte[] content) throws IOException {
        var compressed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(compressed) {
            {
                def.setLevel(Deflater.BEST_COMPRESSION);
            }
        }) {
            gzip.write(content);
        }
        byte[] bytes = compressed.toByteArray();
        bytes[8] = 2; // XFL of RFC 1952: compressed best
        return bytes;
    }
}
