package io.leafd.link.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.link.budget.BudgetPlan;
import io.leafd.link.budget.Ledger;
import io.leafd.link.budget.Meter;
import io.leafd.link.budget.Period;
import io.leafd.link.budget.SendBudget;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class LanesTest {
    private Socket socket = new Socket();
    private long nowNs;
    private Lanes lanes = new Lanes(() -> nowNs, Meter.unbounded());
    private EmbeddedChannel channel = new EmbeddedChannel(socket, lanes);
    private int written;

    @Test
    void liveAndBulkWaitWhileTheSocketIsFullAndControlDoesNot() {
        full(true);
        live("L1");
        bulk("B1", 5);
        channel.flush();
        assertThat(taken()).isEmpty();

        channel.write(new Lanes.Control(bytes("C1")));
        assertThat(taken()).isEqualTo("C1");

        full(false);
        assertThat(taken()).isEqualTo("L1B1");
        assertThat(written).isEqualTo(1);
    }

    @Test
    void liveGetsFourBytesOfFive() {
        full(true);
        for (int i = 0; i < 100; i++) {
            live("L");
            bulk("B", 5);
        }
        full(false);

        String first = taken().substring(0, 100);
        assertThat(first.chars().filter(c -> c == 'L').count()).isBetween(78L, 82L);
    }

    @Test
    void dataWaitsForItsTimeAndControlDoesNot() {
        lanes.rate(4); // with a burst of one byte
        live("L1");
        live("L2");
        bulk("B1", 5);
        channel.flush();
        assertThat(taken()).isEqualTo("L1");

        channel.writeAndFlush(new Lanes.Control(bytes("C1")));
        assertThat(taken()).isEqualTo("C1");

        nowNs += 1_000_000_000L;
        channel.flush();
        assertThat(taken()).isEqualTo("B1");
        nowNs += 10_000_000_000L;
        channel.flush();
        assertThat(taken()).isEqualTo("L2");
    }

    @Test
    void bulkAloneGetsEverything() {
        full(true);
        for (int i = 0; i < 10; i++) {
            bulk("B", 5);
        }
        full(false);

        assertThat(taken()).isEqualTo("BBBBBBBBBB");
    }

    @Test
    void higherPrioritiesGoFirstButLowerOnesDoNotStarve() {
        full(true);
        for (int i = 0; i < 100; i++) {
            bulk("9", 9);
            bulk("0", 0);
        }
        full(false);

        String first = taken().substring(0, 50);
        assertThat(first).startsWith("999999999");
        assertThat(first.chars().filter(c -> c == '0').count()).isEqualTo(5);
    }

    @Test
    void countsWaitingBulkBytesOfEachPriority() {
        full(true);
        bulk("four", 3);
        bulk("sixsix", 4);
        assertThat(lanes.bulkBytes(3)).isEqualTo(4);
        assertThat(lanes.bulkBytes(4)).isEqualTo(6);

        full(false);
        assertThat(lanes.bulkBytes(3)).isZero();
        assertThat(lanes.bulkBytes(4)).isZero();
    }

    @Test
    void releasesWhatWaitsWhenTheConnectionEnds() {
        full(true);
        ByteBuf waiting = bytes("L");
        ByteBuf bulk = bytes("B");
        channel.write(waiting);
        lanes.announceBulk(1, 1);
        channel.write(new Lanes.Bulk(bulk, 1, () -> written++));

        channel.close();

        assertThat(waiting.refCnt()).isZero();
        assertThat(bulk.refCnt()).isZero();
        assertThat(lanes.bulkBytes(1)).isZero();
        assertThat(written).isZero();
    }

    @Test
    void dataWaitsForTheBudgetTheOrdinaryFirst() {
        SendBudget budget = withBudget(1_000_000);
        String frame = "f".repeat(1_000);
        for (int i = 0; i < 2_000; i++) {
            bulk(frame, 5);
        }
        settle();
        assertThat(socket.bytes).isBetween(800_000L, 880_000L);

        for (int i = 0; i < 2_000; i++) {
            bulk(frame, 9);
        }
        live(frame);
        settle();
        assertThat(socket.bytes).isBetween(900_000L, 980_000L);
        assertThat(lanes.bulkBytes(5)).isGreaterThan(1_000_000);
        assertThat(taken()).startsWith("f");

        channel.writeAndFlush(new Lanes.Control(bytes("C1")));
        assertThat(taken()).isEqualTo("C1");

        budget.plan(null);
        settle();
        assertThat(socket.bytes).isEqualTo(4_001_002);
    }

    @Test
    void aFrameGoesByWhatIsLeftAfterThoseBeforeItWereCounted() {
        withBudget(1_000_000);
        for (int i = 0; i < 20; i++) {
            bulk("f".repeat(60_000), 9);
        }
        settle();
        assertThat(socket.bytes).isEqualTo(960_000);
    }

    @Test
    void nobodyIsWokenForAConnectionThatHasEnded() {
        SendBudget budget = withBudget(100_000);
        bulk("f".repeat(200_000), 5);
        settle();
        channel.close();
        budget.plan(null);
        settle();
        assertThat(socket.bytes).isZero();
    }

    /** The lanes anew, over a socket that counts. */
    private SendBudget withBudget(long bytes) {
        var budget = new SendBudget(
                "hq",
                new SendBudget.Surroundings(
                        Runnable::run, Ledger.NONE, () -> Instant.parse("2026-11-21T12:00:00Z"), () -> nowNs));
        budget.plan(new BudgetPlan(bytes, Period.DAY, Duration.ofHours(1)));
        lanes = new Lanes(() -> nowNs, budget.meter());
        socket = new Socket();
        socket.meter = budget.meter();
        channel = new EmbeddedChannel(socket, lanes);
        return budget;
    }

    private void settle() {
        channel.flush();
        channel.runPendingTasks();
    }

    private void full(boolean isFull) {
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, !isFull);
        channel.runPendingTasks();
        channel.flush();
    }

    private void live(String text) {
        channel.write(bytes(text));
    }

    private void bulk(String text, int priority) {
        lanes.announceBulk(priority, text.length());
        channel.write(new Lanes.Bulk(bytes(text), priority, () -> written++));
    }

    private String taken() {
        var text = new StringBuilder();
        for (String next = socket.got.poll(); next != null; next = socket.got.poll()) {
            text.append(next);
        }
        return text.toString();
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }

    /** Takes everything that reaches it. */
    private static final class Socket extends ChannelOutboundHandlerAdapter {
        final Queue<String> got = new ArrayDeque<>();
        Meter meter = Meter.unbounded();
        long bytes;

        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            var bytes = (ByteBuf) message;
            got.add(bytes.toString(StandardCharsets.US_ASCII));
            this.bytes += bytes.readableBytes();
            meter.sent(bytes.readableBytes());
            bytes.release();
            promise.setSuccess();
        }
    }
}
