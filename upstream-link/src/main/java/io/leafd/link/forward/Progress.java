package io.leafd.link.forward;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * How far a forward is: its durable cursor. Immutable, any thread.
 *
 * <p>Bytes: version 1 as one byte; the three sequences as 8 bytes big endian each, in the order below; number of runs as 4
 * bytes; for each run its first sequence (8 bytes) and its name (2 bytes length, UTF-8). The checksum is the store's.
 *
 * @param confirmedSeq the upstream holds everything up to here, except for what is parked; never decreases
 * @param upstreamSeq what is not confirmed has, if the upstream holds it, a higher sequence there than this
 * @param reservedSeq nothing behind this was ever sent; raised and on disk before a message behind it is sent
 * @param runs see {@link MessageIds}
 */
record Progress(long confirmedSeq, long upstreamSeq, long reservedSeq, NavigableMap<Long, String> runs) {
    private static final int VERSION = 1;

    /** Before the first message. */
    static final Progress NONE = new Progress(0, 0, 0, new TreeMap<>());

    /** This position in a stream whose newest message is {@code lastSeq}: what lay behind that was lost before it was on disk. */
    Progress within(long lastSeq) {
        return new Progress(Math.min(confirmedSeq, lastSeq), upstreamSeq, Math.min(reservedSeq, lastSeq), runs);
    }

    /** The durable form. */
    byte[] toBytes() {
        var bytes = new ByteArrayOutputStream(64);
        try (var out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeLong(confirmedSeq);
            out.writeLong(upstreamSeq);
            out.writeLong(reservedSeq);
            out.writeInt(runs.size());
            for (Map.Entry<Long, String> run : runs.entrySet()) {
                out.writeLong(run.getKey());
                out.writeUTF(run.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e); // an array takes everything
        }
        return bytes.toByteArray();
    }

    /**
     * Reads {@link #toBytes}.
     *
     * @throws IllegalArgumentException if these are other bytes: to begin at 0 instead would send everything again
     */
    static Progress of(byte[] bytes) {
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int version = in.readUnsignedByte();
            if (version != VERSION) {
                throw new IllegalArgumentException("cursor of a forward: version " + version + " is not known");
            }
            long confirmedSeq = in.readLong();
            long upstreamSeq = in.readLong();
            long reservedSeq = in.readLong();
            var runs = new TreeMap<Long, String>();
            for (int left = in.readInt(); left > 0; left--) {
                runs.put(in.readLong(), in.readUTF());
            }
            return new Progress(confirmedSeq, upstreamSeq, reservedSeq, runs);
        } catch (IOException e) {
            throw new IllegalArgumentException("cursor of a forward: cut short after " + bytes.length + " bytes", e);
        }
    }
}
