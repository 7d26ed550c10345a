package io.leafd.link.net;

import io.leafd.link.Dialler.Target;
import io.leafd.link.LinkUrl;
import io.leafd.link.net.LeafConnection.Carrier;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.ssl.SslHandler;
import java.net.URI;
import java.util.concurrent.TimeUnit;

/**
 * Carries a byte stream in WebSocket frames, at the path {@code /leafnode} of the upstream. Owned by the connection's event
 * loop.
 *
 * <p>Frames and messages have nothing to do with each other: what comes is one stream of bytes, whatever frames it is cut
 * into. TLS, if any, is there before the first byte of HTTP. Source: observed on nats-server 2.15.2.
 */
final class WebSocketCarrier extends ChannelDuplexHandler {
    private static final int ANSWER_MAX_BYTES = 8 * 1024;
    private static final int FRAME_MAX_BYTES = 80 << 20;

    private WebSocketCarrier() {}

    /** Puts what the URL's scheme needs into the pipeline, nothing for TCP. */
    static Carrier install(Channel channel, Target target) {
        LinkUrl url = target.url();
        if (!url.scheme().webSocket()) {
            return Carrier.TCP;
        }
        ChannelPipeline pipeline = channel.pipeline();
        boolean encrypted = url.scheme().encrypted();
        if (encrypted) {
            var tls = new SslHandler(target.tls().newEngine(url));
            tls.setHandshakeTimeoutMillis(
                    TimeUnit.NANOSECONDS.toMillis(target.times().tlsNs()));
            pipeline.addLast("tls", tls);
        }
        pipeline.addLast(new HttpClientCodec());
        pipeline.addLast(new HttpObjectAggregator(ANSWER_MAX_BYTES));
        pipeline.addLast(new WebSocketClientProtocolHandler(WebSocketClientProtocolConfig.newBuilder()
                .webSocketUri(URI.create(url + "/leafnode"))
                .maxFramePayloadLength(FRAME_MAX_BYTES)
                .handshakeTimeoutMillis(
                        TimeUnit.NANOSECONDS.toMillis(target.times().acceptNs()))
                .build()));
        pipeline.addLast(new WebSocketCarrier());
        return encrypted ? Carrier.WEB_SOCKET_TLS : Carrier.WEB_SOCKET;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ctx.fireChannelRead(message instanceof WebSocketFrame frame ? frame.content() : message);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        ctx.write(message instanceof ByteBuf bytes ? new BinaryWebSocketFrame(bytes) : message, promise);
    }
}
