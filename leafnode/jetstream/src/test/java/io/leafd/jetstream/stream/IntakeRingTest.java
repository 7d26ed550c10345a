package io.leafd.jetstream.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.jetstream.stream.IntakeRing.Held;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Bodies come out as they went in, whatever is freed, taken back or too large meanwhile. */
final class IntakeRingTest {
    private static final int ROOM = 64;

    private final IntakeRing ring = new IntakeRing(ROOM);

    @Test
    void keepsBodiesInItsOwnMemoryWhileThereIsRoom() {
        Held first = put("first");
        Held second = put("x".repeat(ROOM - 5));

        assertThat(read(first)).isEqualTo("first");
        assertThat(read(second)).isEqualTo("x".repeat(ROOM - 5));
        assertThat(ring.read(first).isDirect()).isTrue();
        assertThat(ring.read(second).isDirect()).isTrue();
    }

    @Test
    void makesAnArrayOfWhatFindsNoRoom() {
        Held first = put("x".repeat(ROOM));
        Held more = put("more");
        Held large = put("y".repeat(ROOM + 1));

        assertThat(ring.read(more).isDirect()).isFalse();
        assertThat(read(more)).isEqualTo("more");
        assertThat(read(large)).isEqualTo("y".repeat(ROOM + 1));
        assertThat(read(first)).isEqualTo("x".repeat(ROOM));
    }

    @Test
    void beginsAtTheStartWithWhatWouldReachOverTheEnd() {
        Held first = put("x".repeat(40));
        ring.free(first);
        Held second = put("y".repeat(40)); // 24 are left behind the first

        assertThat(ring.read(second).isDirect()).isTrue();
        assertThat(ring.read(second).position()).isZero();
        assertThat(read(second)).isEqualTo("y".repeat(40));
    }

    @Test
    void givesBackWhatNobodyReads() {
        Held refused = put("x".repeat(ROOM));
        ring.takeBack(refused);
        Held array = put("y".repeat(ROOM + 1));
        ring.takeBack(array);

        assertThat(ring.read(put("z".repeat(ROOM))).isDirect()).isTrue();
    }

    @Test
    void freesWithAnArrayWhatWasPutInBefore() {
        put("x".repeat(ROOM)); // taken out of the queue by somebody who does not read it
        Held array = put("more");

        ring.free(array);

        assertThat(ring.read(put("z".repeat(ROOM))).isDirect()).isTrue();
    }

    @Test
    void isTheSameAsAQueueOfArrays() {
        var random = new Random(8);
        var held = new ArrayDeque<Held>();
        var model = new ArrayDeque<String>();
        int direct = 0;
        for (int step = 0; step < 20_000; step++) {
            if (random.nextInt(5) < 3 && held.size() < 12) {
                String body = text(random.nextInt(ROOM / 2), step);
                Held put = put(body);
                if (random.nextInt(10) == 0) {
                    ring.takeBack(put);
                } else {
                    held.add(put);
                    model.add(body);
                }
            } else if (!held.isEmpty()) {
                Held next = held.remove();
                direct += ring.read(next).isDirect() ? 1 : 0;
                assertThat(read(next)).isEqualTo(model.remove());
                if (random.nextInt(10) > 0) { // else it waits for the next one
                    ring.free(next);
                }
            }
        }
        assertThat(direct).isGreaterThan(1000);
    }

    @Test
    void isReadByAnotherThread() throws Exception {
        BlockingQueue<Held> queue = new LinkedBlockingQueue<>();
        int count = 100_000;
        Thread loop = Thread.ofPlatform().start(() -> {
            var random = new Random(9);
            for (int i = 0; i < count; i++) {
                queue.add(put(text(random.nextInt(ROOM / 4), i)));
            }
        });
        var random = new Random(9);
        for (int i = 0; i < count; i++) {
            Held next = queue.poll(30, TimeUnit.SECONDS);
            assertThat(next).isNotNull();
            assertThat(read(next)).isEqualTo(text(random.nextInt(ROOM / 4), i));
            ring.free(next);
        }
        loop.join();
    }

    private static String text(int length, int seed) {
        return Integer.toString(seed, 36).repeat(length + 1).substring(0, length);
    }

    private Held put(String body) {
        byte[] bytes = ("ab" + body + "c").getBytes(StandardCharsets.UTF_8);
        return ring.put(bytes, 2, bytes.length - 3);
    }

    private String read(Held body) {
        ByteBuffer bytes = ring.read(body);
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(bytes.position(), copy);
        return new String(copy, StandardCharsets.UTF_8);
    }
}
