package io.leafd.broker.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.broker.interest.Publisher;
import io.leafd.protocol.Message;
import io.leafd.protocol.MessageView;
import io.leafd.protocol.Subject;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutboxTest {
    private static final long MEMORY_MAX_BYTES = 1 << 20;
    private static final Outbox.Bounds BOUNDS = new Outbox.Bounds(64 << 20, Long.MAX_VALUE);

    private final SendMemory memory = new SendMemory(MEMORY_MAX_BYTES);
    private final EventLoops loops = new EventLoops(1, memory, new ReceiveMemory(1 << 20, Duration.ofSeconds(5)));
    private final Turn turn = loops.turn(0);
    private final AtomicInteger cut = new AtomicInteger();

    @AfterEach
    void close() {
        loops.close();
    }

    private Outbox outbox(EmbeddedChannel channel) {
        return new Outbox(channel, turn, 1, BOUNDS, cut::incrementAndGet);
    }

    private static MessageView message(int bytes) {
        var view = new MessageView();
        view.set(Message.of(Subject.of("a"), new byte[bytes]), null);
        return view;
    }

    private void append(Outbox outbox, int bytes) {
        ByteBuf out = outbox.open(turn, bytes);
        if (out != null) {
            out.writeZero(bytes);
        }
    }

    @Test
    void memoryIsWhatBuffersTakeAndNotWhatIsInThem() {
        Outbox outbox = outbox(new EmbeddedChannel());
        append(outbox, 600);
        assertThat(memory.heldBytes()).isGreaterThan(600).isLessThanOrEqualTo(1024);
        turn.end();
        assertThat(memory.heldBytes()).isZero();
    }

    @Test
    void nobodyIsGivenABufferAboveTheCeilingAndNoHalfFrameStays() {
        var channel = new EmbeddedChannel();
        Outbox outbox = outbox(channel);
        append(outbox, 1_000);
        memory.add(MEMORY_MAX_BYTES * 3 / 2 - memory.heldBytes());
        assertThat(outbox.open(turn, 2_000)).isNull();
        assertThat(outbox.closed()).isTrue();
        turn.end();
        assertThat(channel.outboundMessages())
                .as("bytes to a reader that misses some")
                .isEmpty();
        assertThat(outbox.heldBytes()).isZero();
        assertThat(outbox.pendingBytes()).isZero();
    }

    @Test
    void aFrameForWhichThereIsNoMemoryCutsItsReaderOff() {
        var channel = new EmbeddedChannel();
        channel.config().setAllocator(new PooledByteBufAllocator(true) {
            @Override
            protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
                throw new OutOfMemoryError("Cannot reserve direct buffer memory");
            }
        });
        Outbox outbox = outbox(channel);
        assertThat(outbox.open(turn, 100)).isNull();
        assertThat(outbox.closed()).isTrue();
        assertThat(memory.heldBytes()).isZero();
    }

    @Test
    void publishersWaitWhileAllTogetherHoldTooMuch() {
        var paused = new ArrayList<String>();
        var publisher = new Publisher() {
            @Override
            public void pause() {
                paused.add("paused");
            }

            @Override
            public void resume() {
                paused.add("resumed");
            }
        };
        Outbox outbox = outbox(new EmbeddedChannel());
        memory.add(MEMORY_MAX_BYTES + 1);
        assertThat(outbox.writable()).as("a reader that has all it was sent").isTrue();
        append(outbox, 10);
        Outbox.Staged onItsWay = Objects.requireNonNull(outbox.takeStaged(0));
        assertThat(outbox.writable()).isFalse();
        outbox.slowDown(publisher);
        assertThat(paused).containsExactly("paused");
        memory.add(-MEMORY_MAX_BYTES);
        assertThat(paused).containsExactly("paused", "resumed");
        onItsWay.bytes().release();
    }

    @Test
    void theEndOfALargeMessageIsHeldOnceForAllItsReaders() {
        List<EmbeddedChannel> channels = new ArrayList<>();
        List<Outbox> outboxes = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            channels.add(new EmbeddedChannel());
            outboxes.add(outbox(channels.get(i)));
        }
        turn.shareIfMuch(message(100_000), 20);
        SharedTail tail = turn.shared();
        assertThat(tail).isNotNull();
        for (int i = 0; i < 20; i++) {
            ByteBuf out = outboxes.get(i).open(turn, 8);
            assertThat(out).isNotNull();
            out.writeBytes("MSG a 1 ".getBytes(StandardCharsets.US_ASCII));
            outboxes.get(i).append(turn, tail);
        }
        assertThat(memory.heldBytes()).isBetween(100_000L, 100_000L + 40 * 1024);
        turn.endSharing();
        assertThat(memory.heldBytes()).as("after the last one wrote it").isZero();
        assertThat(cut).hasValue(0);
        for (EmbeddedChannel channel : channels) {
            ByteBuf head = channel.readOutbound();
            ByteBuf end = channel.readOutbound();
            assertThat(head.toString(StandardCharsets.US_ASCII)).isEqualTo("MSG a 1 ");
            assertThat(end.toString(0, 8, StandardCharsets.US_ASCII)).isEqualTo("100000\r\n");
            assertThat(end.readableBytes()).isEqualTo("100000\r\n".length() + 100_000 + 2);
            head.release();
            end.release();
            assertThat(end.refCnt()).as("references of the last reader's copy").isLessThanOrEqualTo(20);
        }
    }

    @Test
    void aSmallMessageIsNotShared() {
        turn.shareIfMuch(message(1_000), 1_000);
        assertThat(turn.shared()).isNull();
        turn.shareIfMuch(message(2 << 20), 1);
        assertThat(turn.shared()).isNull();
    }

    /** Whatever is appended, written and closed: in the end nothing is held. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whatIsTakenIsGivenBack(long seed) {
        var random = new Random(seed);
        List<EmbeddedChannel> channels = new ArrayList<>();
        List<Outbox> outboxes = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            channels.add(new EmbeddedChannel());
            outboxes.add(outbox(channels.get(i)));
        }
        for (int step = 0; step < 500; step++) {
            int which = random.nextInt(outboxes.size());
            switch (random.nextInt(8)) {
                case 0 -> turn.end();
                case 1 -> {
                    turn.endSharing();
                    turn.shareIfMuch(message(1 << 19), 3);
                }
                case 2 -> turn.endSharing();
                case 3 -> {
                    if (random.nextInt(20) == 0) {
                        outboxes.get(which).close();
                    }
                }
                case 4 -> {
                    SharedTail tail = turn.shared();
                    ByteBuf out = tail == null ? null : outboxes.get(which).open(turn, 20);
                    if (tail != null && out != null) {
                        out.writeZero(20);
                        outboxes.get(which).append(turn, tail);
                    }
                }
                default -> append(outboxes.get(which), 1 << random.nextInt(18));
            }
            for (EmbeddedChannel channel : channels) {
                for (ByteBuf sent = channel.readOutbound(); sent != null; sent = channel.readOutbound()) {
                    sent.release();
                }
            }
        }
        turn.endSharing();
        turn.end();
        assertThat(memory.heldBytes()).isZero();
        for (Outbox outbox : outboxes) {
            assertThat(outbox.heldBytes()).isZero();
            assertThat(outbox.pendingBytes()).isZero();
        }
    }
}
