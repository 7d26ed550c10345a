package io.leafd.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Any bytes another leaf may send mean the same however the network cuts them, and a message that was understood means the same when
 * it is passed on.
 */
class LeafParserFuzzTest {
    private static final int PAYLOAD_MAX = 128;

    @FuzzTest(maxDuration = "6m")
    void cutsChangeNothing(byte[] data) {
        var whole = new Seen();
        int used = new LeafParser(PAYLOAD_MAX).parse(data, 0, data.length, whole);

        for (int pieceMax : new int[] {1, 7, 200}) {
            var pieces = new Seen();
            var parser = new LeafParser(PAYLOAD_MAX);
            Cuts.Rest rest = Cuts.feed(data, pieceMax, () -> pieces.failed, (buf, from, to) -> {
                int next = parser.parse(buf, from, to, pieces);
                assertThat(parser.neededBytes()).isBetween(0, data.length + PAYLOAD_MAX + 2);
                return next;
            });

            assertThat(pieces.calls).isEqualTo(whole.calls);
            if (!whole.failed) {
                assertThat(rest.bytes()).isEqualTo(data.length - used);
            }
        }
        passedOn(whole.messages, whole.messageCalls);
    }

    /** What {@link LeafFrames} writes is read as what it was made of. */
    private static void passedOn(List<byte[]> frames, List<String> expected) {
        for (int i = 0; i < frames.size(); i++) {
            var again = new Seen();
            byte[] frame = frames.get(i);
            assertThat(new LeafParser(PAYLOAD_MAX).parse(frame, 0, frame.length, again))
                    .isEqualTo(frame.length);
            assertThat(again.messageCalls).containsExactly(expected.get(i));
        }
    }

    private static String text(byte[] buf, int offset, int length) {
        return new String(buf, offset, length, StandardCharsets.ISO_8859_1);
    }

    /** Writes down every call, and every message also as the frame that would pass it on. */
    private static final class Seen implements LeafSink {
        final List<String> calls = new ArrayList<>();
        final List<String> messageCalls = new ArrayList<>();
        final List<byte[]> messages = new ArrayList<>();
        boolean failed;

        @Override
        public void onInfo(byte[] buf, int offset, int length) {
            calls.add("INFO " + text(buf, offset, length));
        }

        @Override
        public void onConnect(byte[] buf, int offset, int length) {
            calls.add("CONNECT " + text(buf, offset, length));
        }

        @Override
        public void onInterest(Subject filter, @Nullable Subject queue, int weight) {
            assertThat(weight).isPositive();
            calls.add("LS+ " + filter + " " + queue + " " + weight);
        }

        @Override
        public void onNoInterest(Subject filter, @Nullable Subject queue) {
            calls.add("LS- " + filter + " " + queue);
        }

        @Override
        public void onMessage(MessageView message, List<Subject> queues) {
            assertThat(message.bodyLength).isBetween(message.headerLength, PAYLOAD_MAX);
            Subject route = message.route == null ? message.subject() : message.route;
            String body = text(message.buf, message.bodyOffset, message.bodyLength);
            String call = "MSG " + message.subject() + " to " + route + " " + message.reply() + " " + queues + " "
                    + message.headerLength + " " + body;
            calls.add(call + " " + text(message.buf, message.tailOffset, message.tailLength));
            messageCalls.add(call);
            messages.add(frame(message, queues));
        }

        private static byte[] frame(MessageView message, List<Subject> queues) {
            byte[] out = new byte[LeafFrames.messageHeadMaxBytes(message, queues) + message.bodyLength + 2];
            int at = LeafFrames.messageHead(out, 0, message, queues, true);
            System.arraycopy(message.buf, message.bodyOffset, out, at, message.bodyLength);
            out[at + message.bodyLength] = '\r';
            out[at + message.bodyLength + 1] = '\n';
            return java.util.Arrays.copyOf(out, at + message.bodyLength + 2);
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
        public void onError(String text) {
            calls.add("-ERR " + text);
        }

        @Override
        public void onFault(LeafFault fault) {
            assertThat(failed).as("told of a fault before").isFalse();
            failed = true;
            calls.add(fault.name());
        }

        @Override
        public boolean open() {
            return !failed;
        }
    }
}
