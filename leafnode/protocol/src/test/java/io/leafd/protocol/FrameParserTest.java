package io.leafd.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameParserTest {
    /** Writes down what it is told. */
    private static final class Recorder implements FrameSink {
        final List<String> seen = new ArrayList<>();
        boolean headersAllowed = true;
        int stopAfter = Integer.MAX_VALUE;

        @Override
        public void onConnect(byte[] buf, int offset, int length) {
            seen.add("CONNECT " + new String(buf, offset, length, StandardCharsets.UTF_8));
        }

        @Override
        public void onPing() {
            seen.add("PING");
        }

        @Override
        public void onPong() {
            seen.add("PONG");
        }

        @Override
        public void onSub(Subject subject, @Nullable Subject queue, byte[] sid) {
            seen.add("SUB " + subject + " " + queue + " " + new String(sid, StandardCharsets.UTF_8));
        }

        @Override
        public void onUnsub(byte[] sid, long max) {
            seen.add("UNSUB " + new String(sid, StandardCharsets.UTF_8) + " " + max);
        }

        @Override
        public void onPub(MessageView message) {
            Message m = message.toMessage();
            String tail = new String(message.buf, message.tailOffset, message.tailLength, StandardCharsets.UTF_8);
            seen.add("PUB " + m.subject() + " " + m.reply() + " " + m.headerLength() + " "
                    + new String(m.body(), StandardCharsets.UTF_8) + " tail=" + tail);
        }

        @Override
        public void onPeerError() {
            seen.add("-ERR");
        }

        @Override
        public void onError(ProtocolError error) {
            seen.add(error.name());
        }

        @Override
        public boolean stopped() {
            return seen.size() >= stopAfter;
        }

        @Override
        public boolean headers() {
            return headersAllowed;
        }
    }

    private static final String SESSION =
            "CONNECT {\"verbose\":false}\r\nPING\r\nsub a  1\r\nSUB\tb\tq 2\nUNSUB 1 3\r\n"
                    + "PUB a 5\r\nhello\r\nPUB a r 0\r\n\r\nHPUB a r 12 14\r\nNATS/1.0\r\n\r\nhi\r\nPUB  a   2\r\nok\r\nPONG\r\n";

    private static List<String> all(String text) {
        var sink = new Recorder();
        byte[] bytes = bytes(text);
        new FrameParser(sink, 4096, 1024).parse(bytes, 0, bytes.length);
        return sink.seen;
    }

    @Test
    void everyOperationIsUnderstood() {
        assertThat(all(SESSION))
                .containsExactly(
                        "CONNECT {\"verbose\":false}",
                        "PING",
                        "SUB a null 1",
                        "SUB b q 2",
                        "UNSUB 1 3",
                        "PUB a null 0 hello tail=5\r\nhello\r\n",
                        "PUB a r 0  tail=r 0\r\n\r\n",
                        "PUB a r 12 NATS/1.0\r\n\r\nhi tail=r 12 14\r\nNATS/1.0\r\n\r\nhi\r\n",
                        "PUB a null 0 ok tail=2\r\nok\r\n",
                        "PONG");
    }

    @Test
    void aCutAtEveryByteChangesNothing() {
        byte[] bytes = bytes(SESSION);
        List<String> whole = all(SESSION);
        for (int cut = 0; cut <= bytes.length; cut++) {
            var sink = new Recorder();
            var parser = new FrameParser(sink, 4096, 1024);
            int used = parser.parse(bytes, 0, cut);
            parser.parse(bytes, used, bytes.length);
            assertThat(sink.seen).as("cut at %d", cut).isEqualTo(whole);
        }
    }

    @Test
    void oneByteAtATimeChangesNothing() {
        byte[] bytes = bytes(SESSION);
        var sink = new Recorder();
        var parser = new FrameParser(sink, 4096, 1024);
        int used = 0;
        for (int end = 1; end <= bytes.length; end++) {
            used = parser.parse(bytes, used, end);
        }
        assertThat(used).isEqualTo(bytes.length);
        assertThat(sink.seen).isEqualTo(all(SESSION));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "FOO\r\n",
                "\r\n",
                "MSG a 1 1\r\nx\r\n",
                "LS+ a\r\n",
                " PING\r\n",
                "PUB a 1\r\nxyz\r\n",
                "SUBX a 1\r\n",
                "SUB\r\n"
            })
    void nonsenseIsAnUnknownOperation(String text) {
        assertThat(all(text)).containsExactly("UNKNOWN_OPERATION");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SUB a\r\n",
                "PUB a\r\n",
                "PUB a xx\r\n",
                "PUB a -1\r\n",
                "PUB a 1234567890\r\n",
                "HPUB a 10 5\r\n",
                "HPUB a 5\r\n",
                "UNSUB 1 2 3\r\n",
                "SUB a b c d e f g h\r\n"
            })
    void malformedArgumentsEndItSilently(String text) {
        assertThat(all(text)).containsExactly("ARGUMENTS");
    }

    @Test
    void headersNeedPermission() {
        var sink = new Recorder();
        sink.headersAllowed = false;
        byte[] bytes = bytes("HPUB a 2 3\r\nabc\r\n");
        new FrameParser(sink, 4096, 1024).parse(bytes, 0, bytes.length);
        assertThat(sink.seen).containsExactly("ARGUMENTS");
    }

    @Test
    void aLineOverTheLimitIsRefusedBeforeItsEndIsSeen() {
        assertThat(all("SUB " + "a".repeat(5000) + " 1\r\n")).containsExactly("CONTROL_LINE");
        assertThat(all("SUB " + "a".repeat(5000))).containsExactly("CONTROL_LINE");
    }

    @Test
    void aLineAtTheLimitIsTakenThoughItsLineEndIsCut() {
        byte[] bytes = bytes("CONNECT " + "x".repeat(64) + "\r\n");
        var sink = new Recorder();
        var parser = new FrameParser(sink, 64, 64);
        assertThat(parser.parse(bytes, 0, bytes.length - 1)).isZero();
        assertThat(parser.parse(bytes, 0, bytes.length)).isEqualTo(bytes.length);
        assertThat(sink.seen).containsExactly("CONNECT " + "x".repeat(64));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PING", "PONG", "+OK", "-ERR"})
    void noOperationMayBeOverLong(String operation) {
        var sink = new Recorder();
        byte[] bytes = bytes(operation + "x".repeat(100) + "\r\n");
        new FrameParser(sink, 64, 64).parse(bytes, 0, bytes.length);
        assertThat(sink.seen).containsExactly("CONTROL_LINE");
    }

    @Test
    void aPayloadOverTheLimitIsRefusedOnItsLine() {
        assertThat(all("PUB a 1025\r\n")).containsExactly("PAYLOAD");
        assertThat(all("PUB a 1024\r\n" + "x".repeat(1024) + "\r\n"))
                .hasSize(1)
                .first()
                .asString()
                .startsWith("PUB a");
    }

    @Test
    void aStoppedSinkGetsTheRestLater() {
        var sink = new Recorder();
        sink.stopAfter = 1;
        byte[] bytes = bytes("PING\r\nPONG\r\n");
        var parser = new FrameParser(sink, 4096, 1024);
        int used = parser.parse(bytes, 0, bytes.length);
        assertThat(sink.seen).containsExactly("PING");
        sink.stopAfter = Integer.MAX_VALUE;
        assertThat(parser.parse(bytes, used, bytes.length)).isEqualTo(bytes.length);
        assertThat(sink.seen).containsExactly("PING", "PONG");
    }

    @Test
    void anUnfinishedPayloadSaysHowMuchItNeeds() {
        var parser = new FrameParser(new Recorder(), 4096, 1024);
        byte[] bytes = bytes("PUB a 100\r\nxx");
        assertThat(parser.parse(bytes, 0, bytes.length)).isZero();
        assertThat(parser.wanted()).isEqualTo("PUB a 100\r\n".length() + 102);
    }

    @Test
    void randomBytesNeverThrow() {
        var random = new Random(7);
        byte[] seed = bytes(SESSION);
        for (int round = 0; round < 20_000; round++) {
            byte[] mutated = Arrays.copyOf(seed, random.nextInt(seed.length) + 1);
            for (int i = 0; i < 3; i++) {
                mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
            }
            var parser = new FrameParser(new Recorder(), 64, 64);
            int used = parser.parse(mutated, 0, mutated.length);
            assertThat(used).isBetween(0, mutated.length);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
