package io.leafd.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LeafFramesTest {
    private static final String ACK = "$JS.ACK.ORDERS.C.1.7.3.1795226793819907483.0";
    private static final List<Subject> NONE = List.of();
    private static final List<Subject> QUEUES = List.of(Subject.of("q1"), Subject.of("q2"));
    private static final byte[] HEADERS = "NATS/1.0\r\nA: b\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    @Test
    void writesInterest() {
        assertThat(LeafFrames.interest(Subject.of("foo.>"), null, 1)).asString().isEqualTo("LS+ foo.>\r\n");
        assertThat(LeafFrames.interest(Subject.of("foo"), Subject.of("q"), 120))
                .asString()
                .isEqualTo("LS+ foo q 120\r\n");
        assertThat(LeafFrames.noInterest(Subject.of("foo"), null)).asString().isEqualTo("LS- foo\r\n");
        assertThat(LeafFrames.noInterest(Subject.of("foo"), Subject.of("q")))
                .asString()
                .isEqualTo("LS- foo q\r\n");
    }

    @Test
    void writesControlFrames() {
        assertThat(LeafFrames.ping()).asString().isEqualTo("PING\r\n");
        assertThat(LeafFrames.pong()).asString().isEqualTo("PONG\r\n");
        assertThat(LeafFrames.error("Stale Connection")).asString().isEqualTo("-ERR 'Stale Connection'\r\n");
        assertThat(LeafFrames.info("{}")).asString().isEqualTo("INFO {}\r\n");
        assertThat(LeafFrames.connect("{}")).asString().isEqualTo("CONNECT {}\r\n");
    }

    @Test
    void writesEveryFormOfAMessage() {
        assertThat(frame("foo", null, false, NONE)).isEqualTo("LMSG foo 2\r\n");
        assertThat(frame("foo", "rep", false, NONE)).isEqualTo("LMSG foo rep 2\r\n");
        assertThat(frame("foo", null, true, NONE)).isEqualTo("HMSG foo 18 20\r\n");
        assertThat(frame("foo", "rep", true, NONE)).isEqualTo("HMSG foo rep 18 20\r\n");
        assertThat(frame("foo", null, false, QUEUES)).isEqualTo("LMSG foo | q1 q2 2\r\n");
        assertThat(frame("foo", "rep", false, QUEUES)).isEqualTo("LMSG foo + rep q1 q2 2\r\n");
        assertThat(frame("foo", null, true, QUEUES)).isEqualTo("HMSG foo | q1 q2 18 20\r\n");
        assertThat(frame("foo", "rep", true, QUEUES)).isEqualTo("HMSG foo + rep q1 q2 18 20\r\n");
    }

    @Test
    void writesAnEmptyMessage() {
        assertThat(head(view(Message.empty(Subject.of("s")), null), NONE, true)).isEqualTo("LMSG s 0\r\n");
    }

    @Test
    void leavesHeadersOutForAPeerThatCannotReadThem() {
        MessageView view = view(Message.withHeaders(Subject.of("foo"), null, HEADERS, hi()), null);
        assertThat(head(view, NONE, false)).isEqualTo("LMSG foo 2\r\n");
    }

    @Test
    void appendsTheShownSubjectToAConsumersReply() {
        MessageView view = view(new Message(Subject.of("orders.1"), Subject.of(ACK), hi(), 0), Subject.of("$JS.M.x"));
        String head = head(view, NONE, true);
        assertThat(head).isEqualTo("LMSG $JS.M.x " + ACK + "@orders.1 2\r\n");
        assertThat(LeafParserTest.parse(head + "hi\r\n"))
                .containsExactly("orders.1 route $JS.M.x reply " + ACK + " [] head 0 hi");
    }

    @Test
    void writesARouteWithoutAckReplyPlainly() {
        MessageView heartbeat = view(Message.of(Subject.of("$JS.M.x"), hi()), Subject.of("$JS.M.x"));
        MessageView flow =
                view(new Message(Subject.of("$JS.M.x"), Subject.of("$JS.FC.a"), hi(), 0), Subject.of("$JS.M.x"));
        assertThat(head(heartbeat, NONE, true)).isEqualTo("LMSG $JS.M.x 2\r\n");
        assertThat(head(flow, NONE, true)).isEqualTo("LMSG $JS.M.x $JS.FC.a 2\r\n");
    }

    private static String frame(String subject, @Nullable String reply, boolean headers, List<Subject> queues) {
        Subject replySubject = reply == null ? null : Subject.of(reply);
        byte[] block = headers ? HEADERS : new byte[0];
        return head(view(Message.withHeaders(Subject.of(subject), replySubject, block, hi()), null), queues, true);
    }

    private static MessageView view(Message message, @Nullable Subject route) {
        var view = new MessageView();
        view.set(message, route);
        return view;
    }

    private static String head(MessageView view, List<Subject> queues, boolean headers) {
        byte[] out = new byte[7 + LeafFrames.messageHeadMaxBytes(view, queues)];
        int end = LeafFrames.messageHead(out, 7, view, queues, headers);
        return new String(out, 7, end - 7, StandardCharsets.US_ASCII);
    }

    private static byte[] hi() {
        return "hi".getBytes(StandardCharsets.US_ASCII);
    }
}
