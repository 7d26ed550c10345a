package io.leafd.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Any bytes a client may send mean the same however the network cuts them, and never make the parser keep more than a frame. */
class FrameParserFuzzTest {
    private static final int LINE_MAX = 64;
    private static final int PAYLOAD_MAX = 128;
    private static final int OPERATION_MAX = 8; // CONNECT and its blank

    @FuzzTest(maxDuration = "6m")
    void cutsChangeNothing(byte[] data) {
        var whole = new Seen();
        var parser = new FrameParser(whole, LINE_MAX, PAYLOAD_MAX);
        int used = parser.parse(data, 0, data.length);

        for (int pieceMax : new int[] {1, 7, 200}) {
            var pieces = new Seen();
            var cut = new FrameParser(pieces, LINE_MAX, PAYLOAD_MAX);
            Cuts.Rest rest = Cuts.feed(data, pieceMax, () -> pieces.failed, cut::parse);

            assertThat(pieces.calls).isEqualTo(whole.calls);
            assertThat(rest.keptMaxBytes()).isLessThanOrEqualTo(OPERATION_MAX + LINE_MAX + 2 + PAYLOAD_MAX + 2);
            if (!whole.failed) {
                assertThat(rest.bytes()).isEqualTo(data.length - used);
            }
        }
    }

    private static String text(byte[] buf, int offset, int length) {
        return new String(buf, offset, length, StandardCharsets.ISO_8859_1);
    }

    /** Writes down every call, and checks the one promise a message makes about its own bytes. */
    private static final class Seen implements FrameSink {
        final List<String> calls = new ArrayList<>();
        boolean failed;

        @Override
        public void onConnect(byte[] buf, int offset, int length) {
            calls.add("CONNECT " + text(buf, offset, length));
        }

        @Override
        public void onPing() {
            calls.add("PING");
        }

        @Override
        public void onPong() {
            calls.add("PONG");
        }

        @Override
        public void onSub(Subject subject, @Nullable Subject queue, byte[] sid) {
            calls.add("SUB " + subject + " " + queue + " " + text(sid, 0, sid.length));
        }

        @Override
        public void onUnsub(byte[] sid, long max) {
            assertThat(max).isNotNegative();
            calls.add("UNSUB " + text(sid, 0, sid.length) + " " + max);
        }

        @Override
        public void onPub(MessageView message) {
            assertThat(message.bodyLength).isBetween(message.headerLength, PAYLOAD_MAX);
            String body = text(message.buf, message.bodyOffset, message.bodyLength);
            String reply = text(message.buf, message.replyOffset, message.replyLength);
            String tail = text(message.buf, message.tailOffset, message.tailLength);
            if (message.tailLength > 0) {
                assertThat(tail)
                        .startsWith(reply)
                        .endsWith(body + "\r\n")
                        .hasSize(tail.indexOf("\r\n") + 2 + body.length() + 2);
            }
            calls.add("PUB " + message.subject() + " " + reply + " " + message.headerLength + " " + body + " " + tail);
        }

        @Override
        public void onPeerError() {
            calls.add("-ERR");
        }

        @Override
        public void onError(ProtocolError error) {
            assertThat(failed).as("told of an error before").isFalse();
            failed = true;
            calls.add(error.name());
        }

        @Override
        public boolean stopped() {
            return failed;
        }

        @Override
        public boolean headers() {
            return true;
        }
    }
}
