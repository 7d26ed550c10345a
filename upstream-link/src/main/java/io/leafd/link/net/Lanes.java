package io.leafd.link.net;

import io.leafd.link.budget.BudgetPlan;
import io.leafd.link.budget.Meter;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The order in which the bytes of a leaf connection leave. Owned by the connection's event loop.
 *
 * <pre>
 *   control ───────────────────────────────────────────────┐
 *   live     [ ][ ][ ][ ] ──┐ 4 bytes                      ├──▶ TLS ──▶ socket, while it takes more
 *   bulk 9…0 [ ][ ]  [ ] ───┴ 1 byte, when both ──▶ rate ──┘
 * </pre>
 *
 * <p>Control frames pass at once. Live messages and bulk wait here, not in the socket's buffers, so that a frame that has
 * just become urgent finds little in front of it. With a rate they also wait for their time. When both wait, live messages get four bytes of five; within bulk a higher
 * priority goes first, but each lower one gets at least every tenth turn.
 *
 * <p>Bounds: live bytes are bounded by who appends them (the session gives messages up), bulk by the windows of the
 * forwards.
 */
final class Lanes extends ChannelDuplexHandler {
    static final int PRIORITIES = 10;

    private static final int LIVE_SHARE = 4;
    private static final int LOWER_TURN = 10;
    private static final int CREDIT_MAX_BYTES = 1 << 20;
    private static final int FRAMING_BYTES = 64;
    private static final int FRAMING_PART = 256;

    private final Queue<Waiting> live = new ArrayDeque<>();
    private final Queue<Waiting>[] bulk = newLanes();
    private final AtomicLongArray bulkBytes = new AtomicLongArray(PRIORITIES);
    private final LongSupplier clock;
    private final Meter meter;
    private Runnable again = () -> {};
    private @Nullable Throttle throttle;
    private boolean due; // a release is scheduled
    private long liveCredit; // above 0: bulk's turn; live bytes sent while bulk waited, less what bulk has had for it
    private int turns;

    /** Lanes that pass on all that the socket takes and the meter admits. */
    Lanes(LongSupplier clock, Meter meter) {
        this.clock = clock;
        this.meter = meter;
    }

    /** Sends no more than so many bytes a second from now on, on average; 0 for no bound. */
    void rate(long bytesPerSecond) {
        throttle = bytesPerSecond == 0 ? null : new Throttle(bytesPerSecond, clock.getAsLong());
    }

    /** Frames that go ahead of all others. */
    record Control(ByteBuf bytes) {}

    /** Frames of a forward. */
    record Bulk(ByteBuf bytes, int priority, Runnable written) {}

    private record Waiting(
            ByteBuf bytes, ChannelPromise promise, @Nullable Runnable written) {}

    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of queues of one type
    private static Queue<Waiting>[] newLanes() {
        Queue<Waiting>[] lanes = new Queue[PRIORITIES];
        for (int i = 0; i < PRIORITIES; i++) {
            lanes[i] = new ArrayDeque<>();
        }
        return lanes;
    }

    /** Bulk bytes of this priority are on their way to the loop. Any thread. */
    void announceBulk(int priority, int bytes) {
        bulkBytes.addAndGet(priority, bytes);
    }

    /** Bulk bytes of this priority that wait. Any thread. */
    long bulkBytes(int priority) {
        return bulkBytes.get(priority);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        again = () -> ctx.executor().execute(() -> {
            if (release(ctx)) { // a flush of nothing costs a TLS record
                ctx.flush();
            }
        });
        meter.await(again);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        switch (message) {
            case Control(ByteBuf bytes) -> {
                spent(bytes.readableBytes());
                ctx.write(bytes, promise);
            }
            case Bulk(ByteBuf bytes, int priority, Runnable written) ->
                bulk[priority].add(new Waiting(bytes, promise, written));
            case ByteBuf bytes -> live.add(new Waiting(bytes, promise, null));
            default -> ctx.write(message, promise);
        }
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
        release(ctx);
        ctx.flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (ctx.channel().isWritable()) {
            release(ctx);
            ctx.flush();
        }
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        giveUp();
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        giveUp();
    }

    /** Passes on what the socket takes; whether that was anything. */
    private boolean release(ChannelHandlerContext ctx) {
        boolean any = false;
        long passed = 0; // bytes on their way down the pipeline, which the meter counts when they are flushed
        while (ctx.channel().isWritable() && mayGo(ctx)) {
            int lane = nextBulk();
            boolean bulksTurn = lane >= 0 && (live.isEmpty() || liveCredit > 0);
            Queue<Waiting> from = bulksTurn ? bulk[lane] : live;
            Waiting next = from.peek();
            if (next == null) {
                break;
            }
            int bytes = next.bytes.readableBytes();
            boolean urgent = !bulksTurn || lane >= BudgetPlan.URGENT_PRIORITY;
            if (!meter.admits(urgent, passed + onWire(bytes))) {
                if (passed > 0) {
                    passed = 0;
                    ctx.flush();
                    continue;
                }
                meter.want(urgent, onWire(bytes));
                break;
            }
            any = true;
            passed += onWire(bytes);
            from.remove();
            account(bulksTurn, lane, bytes);
            spent(bytes);
            ctx.write(next.bytes, next.promise);
            if (next.written != null) {
                next.written.run();
            }
        }
        return any;
    }

    /** At most so many bytes are sent for a frame, with what TLS and WebSocket put around it. */
    private static long onWire(int bytes) {
        return (long) bytes + bytes / FRAMING_PART + FRAMING_BYTES;
    }

    /** Whether the rate lets a frame go now; otherwise, if any waits, the lanes are looked at again when it does. */
    private boolean mayGo(ChannelHandlerContext ctx) {
        long waitNs = throttle == null ? 0 : throttle.waitNs(clock.getAsLong());
        if (waitNs == 0) {
            return true;
        }
        if (!due && (!live.isEmpty() || nextBulk() >= 0)) {
            due = true;
            ctx.executor()
                    .schedule(
                            () -> {
                                due = false;
                                flush(ctx);
                            },
                            waitNs,
                            TimeUnit.NANOSECONDS);
        }
        return false;
    }

    private void spent(int bytes) {
        if (throttle != null) {
            throttle.sent(bytes, clock.getAsLong());
        }
    }

    private void account(boolean bulksTurn, int lane, int bytes) {
        if (bulksTurn) {
            turns++;
            bulkBytes.addAndGet(lane, -bytes);
            liveCredit -= (long) LIVE_SHARE * bytes;
        } else if (lane >= 0) {
            liveCredit += bytes;
        }
        liveCredit =
                live.isEmpty() ? Math.max(liveCredit, 0) : Math.clamp(liveCredit, -CREDIT_MAX_BYTES, CREDIT_MAX_BYTES);
    }

    /** The bulk lane whose turn it is, -1 if none waits that may go: usually the highest, each tenth time the lowest. */
    private int nextBulk() {
        boolean lower = turns % LOWER_TURN == LOWER_TURN - 1;
        int least = meter.usedUp(false) ? BudgetPlan.URGENT_PRIORITY : 0;
        for (int i = least; i < PRIORITIES; i++) {
            int lane = lower ? i : PRIORITIES - 1 - (i - least);
            if (!bulk[lane].isEmpty()) {
                return lane;
            }
        }
        return -1;
    }

    private void giveUp() {
        meter.leave(again);
        for (Waiting waiting = live.poll(); waiting != null; waiting = live.poll()) {
            drop(waiting);
        }
        for (int i = 0; i < PRIORITIES; i++) {
            for (Waiting waiting = bulk[i].poll(); waiting != null; waiting = bulk[i].poll()) {
                bulkBytes.addAndGet(i, -waiting.bytes.readableBytes());
                drop(waiting);
            }
        }
    }

    private static void drop(Waiting waiting) {
        ReferenceCountUtil.release(waiting.bytes);
        waiting.promise.tryFailure(new java.nio.channels.ClosedChannelException());
    }
}
