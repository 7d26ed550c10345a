package io.leafd.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The time that a connection of monitoring has, on a clock that the test turns. */
class RequestClockTest {
    private final RequestClock clock = new RequestClock();
    private final EmbeddedChannel channel = new EmbeddedChannel();

    @BeforeEach
    void accept() {
        channel.freezeTime();
        channel.pipeline().addLast(clock);
        channel.pipeline().fireChannelActive();
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void aConnectionThatSaysNothingIsClosed() {
        pass(RequestClock.REQUEST_MAX_SECONDS - 1);
        assertThat(channel.isOpen()).isTrue();

        pass(1);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void tricklingBytesGainNoTime() {
        for (int second = 0; second < RequestClock.REQUEST_MAX_SECONDS; second++) {
            say();
            pass(1);
        }
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void betweenTwoRequestsThereIsMoreTimeAndTheNextHasItsOwn() {
        say();
        clock.answered(context());
        pass(RequestClock.IDLE_MAX_SECONDS - 1);
        assertThat(channel.isOpen()).isTrue();

        say();
        pass(RequestClock.REQUEST_MAX_SECONDS - 1);
        assertThat(channel.isOpen()).isTrue();
        pass(1);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void anIdleConnectionIsClosedToo() {
        say();
        clock.answered(context());
        pass(RequestClock.IDLE_MAX_SECONDS);
        assertThat(channel.isOpen()).isFalse();
    }

    private ChannelHandlerContext context() {
        return channel.pipeline().context(clock);
    }

    private void say() {
        channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {'G'}));
    }

    private void pass(int seconds) {
        channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        channel.runPendingTasks();
    }
}
