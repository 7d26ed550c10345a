package io.leafd.broker.imports;

import io.leafd.protocol.Subject;
import io.leafd.security.nkey.RandomNames;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where the answers to requests go that have crossed into another account, for all imports together. Any thread.
 *
 * <p>A ring: a request takes the next place, whoever waits there since {@value #MAX} requests waits no longer, and the reply subject
 * that is made for it names the place.
 *
 * <pre>
 *   _R_.Kx2w9QzA.p0Vb7Rt30a7
 *       └ import └ secret└ place, hex
 * </pre>
 *
 * <p>Bounds: {@value #MAX} requests, each for two minutes, as on nats-server, and with a reply subject of at most {@value
 * #ASKED_MAX_BYTES} bytes.
 */
final class OpenRequests {
    static final int MAX = 1 << 12;
    static final int ASKED_MAX_BYTES = 512;

    private static final int SECRET_LENGTH = 8;
    private static final int PLACE_LENGTH = 3;
    private static final int HEX = 16;
    private static final long WAITING_NS = TimeUnit.MINUTES.toNanos(2);

    private final RandomNames random;
    private final LongSupplier clock;
    private final AtomicReferenceArray<@Nullable Open> places = new AtomicReferenceArray<>(MAX);
    private final AtomicInteger next = new AtomicInteger();

    private record Open(Subject reply, Subject asked, long untilNs) {}

    OpenRequests(RandomNames random, LongSupplier clock) {
        this.random = random;
        this.clock = clock;
    }

    /** A reply subject that begins with {@code prefix}; the first answer to it is to go to {@code asked}. Null if that is too long. */
    @Nullable
    Subject add(String prefix, Subject asked) {
        if (asked.length() > ASKED_MAX_BYTES) {
            return null;
        }
        int place = next.getAndIncrement() & (MAX - 1);
        String hex = Integer.toHexString(MAX | place).substring(1);
        Subject reply = Subject.of(prefix + random.alphanumerics(SECRET_LENGTH) + hex);
        places.set(place, new Open(reply, asked, clock.getAsLong() + WAITING_NS));
        return reply;
    }

    /** Where an answer to {@code reply} goes, or null if none is waited for. The next one goes nowhere. */
    @Nullable
    Subject take(Subject reply) {
        int place = place(reply);
        Open found = place < 0 ? null : places.get(place);
        if (found == null || !found.reply.equals(reply) || !places.compareAndSet(place, found, null)) {
            return null;
        }
        return found.untilNs - clock.getAsLong() > 0 ? found.asked : null;
    }

    /** The place that the end of a subject names, or -1. */
    private static int place(Subject reply) {
        byte[] bytes = reply.bytes();
        int place = 0;
        for (int i = Math.max(0, bytes.length - PLACE_LENGTH); i < bytes.length; i++) {
            int digit = Character.digit(bytes[i], HEX);
            if (digit < 0) {
                return -1;
            }
            place = place * HEX + digit;
        }
        return place;
    }
}
