package io.leafd.jetstream.stream;

import io.leafd.store.loop.PaddedCounter;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where the bodies of messages lie on their way from one event loop to the store loop: outside of the heap, one behind the other, in
 * memory that is used again and again.
 *
 * <pre>
 *             freed                              taken           positions count the bytes since the start; the place
 *   ┌───────────┬──────┬───────────┬───┬───────────┬───────┐     is the position modulo the room. What would reach
 *   │           │ body │   body    │ b │   body    │       │     over the end begins at the start again
 *   └───────────┴──────┴───────────┴───┴───────────┴───────┘
 * </pre>
 *
 * <p>Why not as arrays: when more comes in than the disk takes, bodies are most of what is allocated, and most of what lives long
 * enough to be copied by each collection, for which everybody waits.
 *
 * <p>Its event loop puts bodies in; the store loop reads and frees them in the same order. Whoever hands a {@link Held} from one to
 * the other sees to it that the bytes are seen. What finds no room becomes an array after all.
 */
final class IntakeRing {
    private final int room;
    /** Made for the first body. */
    private @Nullable ByteBuffer bytes;
    /** The same for the store loop, whose position and limit are those of the body that is read. */
    private @Nullable ByteBuffer reading;

    private long taken; // event loop
    private long freedBefore; // event loop: what it saw of the next
    private final PaddedCounter freed = new PaddedCounter(); // set by the store loop

    /** A ring of so many bytes. */
    IntakeRing(int room) {
        this.room = room;
    }

    /** Copies a body. Event loop. */
    Held put(byte[] buf, int offset, int length) {
        int place = (int) (taken % room);
        long start = place + length <= room ? taken : taken + room - place;
        if (start + length - freedBefore > room) {
            freedBefore = freed.get();
        }
        if (start + length - freedBefore > room) {
            return new Held(taken, length, Arrays.copyOfRange(buf, offset, offset + length));
        }
        if (bytes == null) {
            bytes = ByteBuffer.allocateDirect(room);
        }
        bytes.put((int) (start % room), buf, offset, length);
        taken = start + length;
        return new Held(taken, length, null);
    }

    /** Forgets the body that was put in last: nobody will read it. Event loop. */
    void takeBack(Held last) {
        if (last.array == null) {
            taken = last.end - last.length;
        }
    }

    /** The body, valid until it is freed or another one read. Store loop. */
    ByteBuffer read(Held body) {
        if (body.array != null) {
            return ByteBuffer.wrap(body.array);
        }
        if (reading == null) {
            reading = Objects.requireNonNull(bytes).duplicate();
        }
        int place = (int) ((body.end - body.length) % room);
        return reading.limit(place + body.length).position(place);
    }

    /** Gives back the room of a body and of all that were put in before it. Store loop. */
    void free(Held body) {
        freed.set(body.end);
    }

    /** A body that was put in. Immutable. */
    static final class Held {
        /** Position behind it; of an array, behind what was put in before. */
        private final long end;

        private final int length;
        private final byte @Nullable [] array;

        private Held(long end, int length, byte @Nullable [] array) {
            this.end = end;
            this.length = length;
            this.array = array;
        }
    }
}
