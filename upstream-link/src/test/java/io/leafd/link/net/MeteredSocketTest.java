package io.leafd.link.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.link.budget.Meter;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class MeteredSocketTest {
    private final Meter meter = Meter.unbounded();
    private final Queue<ChannelPromise> handed = new ArrayDeque<>();
    private final EmbeddedChannel channel = new EmbeddedChannel(
            new ChannelOutboundHandlerAdapter() {
                @Override
                public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
                    handed.add(promise);
                    io.netty.util.ReferenceCountUtil.release(message);
                }
            },
            new MeteredSocket(meter));

    @Test
    void countsWhatIsHandedToTheSocket() {
        write(10);
        assertThat(meter.sentBytes()).isEqualTo(10);
        handed.remove().setSuccess();
        write(0);
        write(5);
        assertThat(meter.sentBytes()).isEqualTo(15);
    }

    @Test
    void takesOffWhatDidNotGoButForTheFirstWhichMayHaveGoneInPart() {
        write(10);
        write(20);
        write(30);
        handed.remove().setSuccess();
        handed.forEach(promise -> promise.setFailure(new IOException("gone")));
        assertThat(meter.sentBytes()).isEqualTo(30);
    }

    private void write(int bytes) {
        channel.write(Unpooled.wrappedBuffer(new byte[bytes]));
    }
}
