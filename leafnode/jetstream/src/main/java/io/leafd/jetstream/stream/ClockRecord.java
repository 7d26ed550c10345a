package io.leafd.jetstream.stream;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link StreamTime} must know after a restart. Immutable.
 *
 * <p>Shape, big endian: version 1 (1), length of boot (1), boot (UTF-8), startNs (8), baseNs (8), then for each jump startNs, fromNs,
 * deltaNs, nanoTime (8 each).
 *
 * @param boot run of the box's kernel in which it was written
 * @param startNs first timestamp of that run's reckoning
 * @param baseNs wall clock less monotonic clock
 * @param jumps oldest first
 */
record ClockRecord(String boot, long startNs, long baseNs, List<ClockJump> jumps) {
    private static final byte VERSION = 1;
    private static final int JUMP_BYTES = 4 * Long.BYTES;
    private static final int BOOT_MAX_BYTES = 64;

    ClockRecord {
        jumps = List.copyOf(jumps);
    }

    byte[] toBytes() {
        byte[] name = boot.getBytes(StandardCharsets.UTF_8);
        assert name.length <= BOOT_MAX_BYTES : name.length;
        ByteBuffer bytes = ByteBuffer.allocate(2 + name.length + 2 * Long.BYTES + jumps.size() * JUMP_BYTES);
        bytes.put(VERSION).put((byte) name.length).put(name).putLong(startNs).putLong(baseNs);
        for (ClockJump jump : jumps) {
            bytes.putLong(jump.startNs())
                    .putLong(jump.fromNs())
                    .putLong(jump.deltaNs())
                    .putLong(jump.nanoTime());
        }
        return bytes.array();
    }

    /** Reads what {@link #toBytes} made; null for bytes of another version, whose stream is as if opened after a power cut. */
    static @Nullable ClockRecord parse(byte[] from) {
        ByteBuffer bytes = ByteBuffer.wrap(from);
        try {
            if (bytes.get() != VERSION) {
                return null;
            }
            byte[] name = new byte[bytes.get()];
            bytes.get(name);
            long startNs = bytes.getLong();
            long baseNs = bytes.getLong();
            var jumps = new ArrayList<ClockJump>();
            while (bytes.hasRemaining()) {
                jumps.add(new ClockJump(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong()));
            }
            return new ClockRecord(new String(name, StandardCharsets.UTF_8), startNs, baseNs, jumps);
        } catch (BufferUnderflowException | NegativeArraySizeException e) {
            return null;
        }
    }
}
