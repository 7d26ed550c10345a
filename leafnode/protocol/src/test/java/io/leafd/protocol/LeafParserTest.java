package io.leafd.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LeafParserTest {
    /** Every form of every frame, in one stream of bytes. */
    private static final String ALL_FORMS = """
            INFO {"server_id":"N1"} \r
            CONNECT {"name":"edge"}\r
            PING\r
            pong\r
            LS+ foo.*\r
            LS+ bar q1 2\r
            LS- foo.*\r
            LS- bar q1\r
            LMSG foo 2\r
            hi\r
            LMSG foo rep.1 2\r
            hi\r
            HMSG foo 18 20\r
            NATS/1.0\r
            A: b\r
            \r
            hi\r
            HMSG foo rep.2 18 20\r
            NATS/1.0\r
            A: b\r
            \r
            hi\r
            LMSG bar | q1 q2 2\r
            hi\r
            LMSG bar + rep.3 q1 q2 2\r
            hi\r
            HMSG bar | q1 q2 18 20\r
            NATS/1.0\r
            A: b\r
            \r
            hi\r
            HMSG bar + rep.4 q1 q2 18 20\r
            NATS/1.0\r
            A: b\r
            \r
            hi\r
            LMSG s 0\r
            \r
            -ERR 'Stale Connection'\r
            +OK\r
            """;

    private static final List<String> ALL_CALLS = List.of(
            "info {\"server_id\":\"N1\"}",
            "connect {\"name\":\"edge\"}",
            "ping",
            "pong",
            "+ foo.* - 1",
            "+ bar q1 2",
            "- foo.* -",
            "- bar q1",
            "foo reply - [] head 0 hi",
            "foo reply rep.1 [] head 0 hi",
            "foo reply - [] head 18 hi",
            "foo reply rep.2 [] head 18 hi",
            "bar reply - [q1, q2] head 0 hi",
            "bar reply rep.3 [q1, q2] head 0 hi",
            "bar reply - [q1, q2] head 18 hi",
            "bar reply rep.4 [q1, q2] head 18 hi",
            "s reply - [] head 0 ",
            "error Stale Connection");

    @Test
    void readsEveryForm() {
        assertThat(parse(ALL_FORMS)).isEqualTo(ALL_CALLS);
    }

    @Test
    void readsFramesCutAtEveryByte() {
        byte[] bytes = ALL_FORMS.getBytes(StandardCharsets.UTF_8);
        for (int cut = 0; cut <= bytes.length; cut++) {
            var calls = new Calls();
            var parser = new LeafParser(1 << 20);
            int consumed = parser.parse(bytes, 0, cut, calls);
            assertThat(consumed).isLessThanOrEqualTo(cut);
            assertThat(parser.parse(bytes, consumed, bytes.length, calls)).isEqualTo(bytes.length);
            assertThat(calls.list).as("cut at %d", cut).isEqualTo(ALL_CALLS);
        }
    }

    @Test
    void readsFramesThatArriveByteByByteInMovingBuffers() {
        byte[] bytes = ALL_FORMS.getBytes(StandardCharsets.UTF_8);
        var calls = new Calls();
        var parser = new LeafParser(1 << 20);
        byte[] rest = new byte[0];
        for (byte next : bytes) {
            byte[] buf = new byte[3 + rest.length + 1];
            System.arraycopy(rest, 0, buf, 3, rest.length);
            buf[buf.length - 1] = next;
            int consumed = parser.parse(buf, 3, buf.length, calls);
            rest = Arrays.copyOfRange(buf, consumed, buf.length);
        }
        assertThat(calls.list).isEqualTo(ALL_CALLS);
        assertThat(rest).isEmpty();
    }

    @Test
    void tellsHowLongAnUnfinishedMessageWillBe() {
        byte[] bytes = "LMSG foo 1000\r\nhi".getBytes(StandardCharsets.UTF_8);
        var parser = new LeafParser(1000);

        assertThat(parser.parse(bytes, 0, bytes.length, new Calls())).isZero();
        assertThat(parser.neededBytes()).isEqualTo(15 + 1000 + 2);
    }

    @Test
    void splitsAConsumersDelivery() {
        String reply = "$JS.ACK.ORDERS.JS_MIRROR_x-oe3Y.1.1.1.1795226793819907483.1";
        assertThat(parse("LMSG $JS.M.zOOD " + reply + "@orders.1 3\r\none\r\n"))
                .containsExactly("orders.1 route $JS.M.zOOD reply " + reply + " [] head 0 one");
    }

    @Test
    void splitsTheLongFormOfAConsumersDelivery() {
        String reply = "$JS.ACK.hub.hash.a@b.c@d.1.2.3.1795226793819907483.4";
        assertThat(parse("LMSG deliver.x " + reply + "@with@at 3\r\none\r\n"))
                .containsExactly("with@at route deliver.x reply " + reply + " [] head 0 one");
    }

    @ParameterizedTest
    @ValueSource(strings = {"$JS.ACK.a@b.c.1.2.3.4.5", "$JS.ACK.a.b.1.2.3.4.5@", "_INBOX.1.2.3.4.5.6.7.8.9@x", "a@b"})
    void leavesOtherRepliesAlone(String reply) {
        assertThat(parse("LMSG foo " + reply + " 0\r\n\r\n")).containsExactly("foo reply " + reply + " [] head 0 ");
    }

    @Test
    void acceptsALoneLineFeedTabsAndRunsOfBlanks() {
        assertThat(parse("ls+ \tfoo  q\t3 \nLMSG foo\t 2\nhi\r\n"))
                .containsExactly("+ foo q 3", "foo reply - [] head 0 hi");
    }

    @Test
    void offersTheTailOnlyOfUsualFrames() {
        assertThat(tailOf("LMSG foo rep 2\r\nhi\r\n")).isEqualTo("rep 2\r\nhi\r\n");
        assertThat(tailOf("LMSG foo  rep 2\r\nhi\r\n")).isEmpty();
        assertThat(tailOf("LMSG foo rep\t2\r\nhi\r\n")).isEmpty();
        assertThat(tailOf("LMSG foo rep 2\nhi\r\n")).isEmpty();
        assertThat(tailOf("LMSG foo | q 2\r\nhi\r\n")).isEmpty();
        assertThat(tailOf("LMSG d $JS.ACK.a.b.1.2.3.4.5@x 2\r\nhi\r\n")).isEmpty();
    }

    @Test
    void countsAWeightBelowOneAsOne() {
        assertThat(parse("LS+ foo q 0\r\nLS+ foo q -3\r\n")).containsExactly("+ foo q 1", "+ foo q 1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "\\r\\n!UNKNOWN_OPERATION",
                "SUB foo 1\\r\\n!UNKNOWN_OPERATION",
                "MSG foo 1 2\\r\\nhi\\r\\n!UNKNOWN_OPERATION",
                "PUB foo 2\\r\\nhi\\r\\n!UNKNOWN_OPERATION",
                "LS* foo\\r\\n!UNKNOWN_OPERATION",
                "X!UNKNOWN_OPERATION",
                "LMSG foo 2\\r\\nhi??!UNKNOWN_OPERATION",
                "LS+\\r\\n!MALFORMED",
                "LS+ foo q\\r\\n!MALFORMED",
                "LS+ foo q 1 2\\r\\n!MALFORMED",
                "LS- foo q 1\\r\\n!MALFORMED",
                "LMSG\\r\\n!MALFORMED",
                "LMSG 2\\r\\n!MALFORMED",
                "LMSG foo -1\\r\\n!MALFORMED",
                "LMSG foo 1x\\r\\n!MALFORMED",
                "LMSG foo 1234567890\\r\\n!MALFORMED",
                "LMSG foo # q 0\\r\\n\\r\\n!MALFORMED",
                "HMSG foo 10 5\\r\\n!MALFORMED",
                "HMSG foo 10\\r\\n!MALFORMED",
                "LMSG foo 101\\r\\n!PAYLOAD",
            })
    void refusesWhatIsNoLeafFrame(String bytes, String fault) {
        String text = bytes.replace("\\r", "\r").replace("\\n", "\n");
        var calls = new Calls();

        parse(text + "????PING\r\n", new LeafParser(100), calls);

        assertThat(calls.list).containsExactly("fault " + fault);
    }

    @Test
    void takesALineOfTheFullLengthAndRefusesALongerOne() {
        String names = "q".repeat(LeafParser.CONTROL_LINE_MAX_BYTES - "foo | ".length() - " 2".length());

        assertThat(parse("LMSG foo | " + names + " 2\r\nhi\r\n"))
                .hasSize(1)
                .first()
                .asString()
                .startsWith("foo");
        assertThat(parse("LMSG foo | q" + names + " 2\r\nhi\r\n")).containsExactly("fault CONTROL_LINE");
    }

    @Test
    void refusesAnEndlessLineBeforeItsEnd() {
        assertThat(parse("INFO " + "x".repeat(LeafParser.CONTROL_LINE_MAX_BYTES + 1)))
                .containsExactly("fault CONTROL_LINE");
    }

    @ParameterizedTest
    @ValueSource(strings = {"L", "PING ", "\t"})
    void refusesAnEndlessBeginningBeforeItsEnd(String unit) {
        String endless = "L" + unit.repeat(LeafParser.CONTROL_LINE_MAX_BYTES + 1);

        assertThat(parse(endless)).containsExactly("fault CONTROL_LINE");
    }

    @Test
    void stopsWhenTheSinkCloses() {
        var calls = new Calls();
        calls.limit = 1;
        assertThat(parse("PING\r\nPING\r\n", new LeafParser(1), calls)).isEqualTo(12);
        assertThat(calls.list).containsExactly("ping");
    }

    static List<String> parse(String text) {
        var calls = new Calls();
        parse(text, new LeafParser(1 << 20), calls);
        return calls.list;
    }

    private static int parse(String text, LeafParser parser, Calls calls) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return parser.parse(bytes, 0, bytes.length, calls);
    }

    private static String tailOf(String frame) {
        var calls = new Calls();
        parse(frame, new LeafParser(100), calls);
        return calls.tail;
    }

    /** Writes down what it is told. */
    private static final class Calls implements LeafSink {
        final List<String> list = new ArrayList<>();
        String tail = "";
        int limit = Integer.MAX_VALUE;

        @Override
        public void onInfo(byte[] buf, int offset, int length) {
            list.add("info " + text(buf, offset, length).strip());
        }

        @Override
        public void onConnect(byte[] buf, int offset, int length) {
            list.add("connect " + text(buf, offset, length));
        }

        @Override
        public void onInterest(Subject filter, @Nullable Subject queue, int weight) {
            list.add("+ " + filter + " " + (queue == null ? "-" : queue) + " " + weight);
        }

        @Override
        public void onNoInterest(Subject filter, @Nullable Subject queue) {
            list.add("- " + filter + " " + (queue == null ? "-" : queue));
        }

        @Override
        public void onMessage(MessageView message, List<Subject> queues) {
            Subject reply = message.reply();
            list.add(message.subject() + (message.route == null ? "" : " route " + message.route) + " reply "
                    + (reply == null ? "-" : reply) + " " + queues + " head " + message.headerLength + " "
                    + text(message.buf, message.bodyOffset + message.headerLength, message.payloadLength()));
            tail = text(message.buf, message.tailOffset, message.tailLength);
        }

        @Override
        public void onPing() {
            list.add("ping");
        }

        @Override
        public void onPong() {
            list.add("pong");
        }

        @Override
        public void onError(String text) {
            list.add("error " + text);
        }

        @Override
        public void onFault(LeafFault fault) {
            list.add("fault " + fault);
        }

        @Override
        public boolean open() {
            return list.size() < limit;
        }

        private static String text(byte[] buf, int offset, int length) {
            return new String(buf, offset, length, StandardCharsets.UTF_8);
        }
    }
}
