package io.leafd.protocol;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns the bytes of a leaf connection into calls of a {@link LeafSink}. Owned by the connection's event loop.
 *
 * <p>A frame is a line, and for messages a body of the length that the line names:
 *
 * <pre>
 *   LS+ foo.*\r\n                 LS+ bar q1 2\r\n              LS- bar q1\r\n
 *   LMSG foo 2\r\nhi\r\n          LMSG foo rep.1 2\r\nhi\r\n    LMSG bar | q1 q2 2\r\nhi\r\n
 *   LMSG bar + rep.3 q1 q2 2\r\nhi\r\n                          HMSG foo rep.2 18 20\r\nNATS/1.0\r\nA: b\r\n\r\nhi\r\n
 * </pre>
 *
 * <p>{@link #parse} takes whole frames off the front of the buffer and leaves the rest to the caller, who calls again with
 * the same bytes and more behind them. What was learnt about the unfinished frame is kept, so a frame that arrives byte by
 * byte is not looked at again from its beginning: an unfinished line is searched on from where the search ended, and an
 * unfinished body is not looked at before all of it is there.
 *
 * <p>A consumer's delivery carries the subject to show behind the reply: {@code LMSG $JS.M.x $JS.ACK.S.C.1.7.3.99.0@orders.1
 * 3}. It is split here, at the first {@code @} behind the eighth dot of a reply that begins with {@code $JS.ACK.}: both the
 * old and the long form of that reply have their last free-text token before that dot, so a stream called {@code a@b} comes
 * to no harm.
 *
 * <p>Bounds: {@value #CONTROL_LINE_MAX_BYTES} bytes of a line's arguments, as many before them, a message of the size given by {@link
 * #payloadMaxBytes}.
 * Both are checked before the bytes behind them are waited for. Source: observed on nats-server 2.15.2.
 */
public final class LeafParser {
    /** Longest line: 16 times a client's default, because queue lists and INFO are long. */
    public static final int CONTROL_LINE_MAX_BYTES = 65_536;

    private static final String ACK_PREFIX = "$JS.ACK.";
    private static final int DOTS_BEFORE_AT = 8;
    private static final int SIZE_DIGITS_MAX = 9;
    private static final String FIRST_LETTERS = "LHPCI+-";

    private final MessageView view = new MessageView();
    private final List<Subject> queues = new ArrayList<>();
    private int[] tokens = new int[16]; // start, end, start, end…
    private int tokenCount;
    private int payloadMaxBytes;
    private int scannedBytes; // of the unfinished line, known to hold no LF
    private int neededBytes; // the unfinished frame's length once its line is known, else 0
    private boolean faulty;

    /** A parser for messages of up to {@code payloadMaxBytes}. */
    public LeafParser(int payloadMaxBytes) {
        this.payloadMaxBytes = payloadMaxBytes;
    }

    /** Changes the largest message taken, headers included. */
    public void payloadMaxBytes(int bytes) {
        payloadMaxBytes = bytes;
    }

    /** Bytes that the frame at the front of the rest will have, 0 if that is not known yet: a hint for the buffer's size. */
    public int neededBytes() {
        return neededBytes;
    }

    /**
     * Reports the whole frames in {@code buf[from, to)}.
     *
     * @return where the first unfinished frame begins; {@code to} after a fault or when the sink is no longer open
     */
    public int parse(byte[] buf, int from, int to, LeafSink sink) {
        int at = from;
        while (at < to && !faulty && sink.open()) {
            int next = frame(buf, at, to, sink);
            if (next < 0) {
                return at;
            }
            at = next;
        }
        return faulty || !sink.open() ? to : at;
    }

    /** One frame; -1 if it is not complete. */
    private int frame(byte[] buf, int from, int to, LeafSink sink) {
        if (to - from < neededBytes) {
            return -1;
        }
        int lf = from + scannedBytes;
        while (lf < to && buf[lf] != '\n') {
            lf++;
        }
        int lineEnd = lf > from && buf[lf - 1] == '\r' ? lf - 1 : lf;
        if (FIRST_LETTERS.indexOf(upper(buf[from])) < 0) {
            return fault(LeafFault.UNKNOWN_OPERATION, to, sink);
        }
        int argsAt = argumentsAt(buf, from, lineEnd);
        if (lineEnd - argsAt > CONTROL_LINE_MAX_BYTES || argsAt - from > CONTROL_LINE_MAX_BYTES) {
            return fault(LeafFault.CONTROL_LINE, to, sink);
        }
        if (lf == to) {
            scannedBytes = to - from;
            return -1;
        }
        int bodyAt = lf + 1;
        Operation operation = Operation.of(buf, from, wordEnd(buf, from, lineEnd));
        if (operation == Operation.LMSG || operation == Operation.HMSG) {
            split(buf, argsAt, lineEnd);
            return message(operation == Operation.HMSG, buf, from, bodyAt, to, sink);
        }
        done();
        LeafFault fault = line(operation, buf, argsAt, lineEnd, sink);
        return fault == null ? bodyAt : fault(fault, to, sink);
    }

    private @Nullable LeafFault line(Operation operation, byte[] buf, int from, int to, LeafSink sink) {
        switch (operation) {
            case INFO -> sink.onInfo(buf, from, to - from);
            case CONNECT -> sink.onConnect(buf, from, to - from);
            case LS_ADD -> {
                return interest(buf, from, to, sink);
            }
            case LS_REMOVE -> {
                return noInterest(buf, from, to, sink);
            }
            case PING -> sink.onPing();
            case PONG -> sink.onPong();
            case ERR -> sink.onError(unquoted(buf, from, to));
            case OK -> {} // never sent on a leaf; harmless
            case LMSG, HMSG, NONE -> {
                return LeafFault.UNKNOWN_OPERATION;
            }
        }
        return null;
    }

    private @Nullable LeafFault interest(byte[] buf, int from, int to, LeafSink sink) {
        split(buf, from, to);
        if (tokenCount == 1) {
            sink.onInterest(token(buf, 0), null, 1);
        } else if (tokenCount == 3) {
            sink.onInterest(token(buf, 0), token(buf, 1), Math.max(1, number(buf, 2)));
        } else {
            return LeafFault.MALFORMED;
        }
        return null;
    }

    private @Nullable LeafFault noInterest(byte[] buf, int from, int to, LeafSink sink) {
        split(buf, from, to);
        if (tokenCount != 1 && tokenCount != 2) {
            return LeafFault.MALFORMED;
        }
        sink.onNoInterest(token(buf, 0), tokenCount == 2 ? token(buf, 1) : null);
        return null;
    }

    /** A message whose line, now split, ends before {@code bodyAt}; -1 if its body is not complete. */
    private int message(boolean hasHeaders, byte[] buf, int from, int bodyAt, int to, LeafSink sink) {
        int sizes = hasHeaders ? 2 : 1;
        if (tokenCount < 1 + sizes) {
            return fault(LeafFault.MALFORMED, to, sink);
        }
        int total = number(buf, tokenCount - 1);
        int headers = hasHeaders ? number(buf, tokenCount - 2) : 0;
        if (total < 0 || headers < 0 || headers > total) {
            return fault(LeafFault.MALFORMED, to, sink);
        }
        if (total > payloadMaxBytes) {
            return fault(LeafFault.PAYLOAD, to, sink);
        }
        int end = bodyAt + total + 2;
        if (end > to) {
            scannedBytes = bodyAt - 1 - from;
            neededBytes = end - from;
            return -1;
        }
        done();
        if (buf[end - 2] != '\r' || buf[end - 1] != '\n') {
            return fault(LeafFault.UNKNOWN_OPERATION, to, sink);
        }
        if (!address(buf, tokenCount - sizes)) {
            return fault(LeafFault.MALFORMED, to, sink);
        }
        view.bodyOffset = bodyAt;
        view.bodyLength = total;
        view.headerLength = headers;
        view.tailOffset = tokens[2];
        view.tailLength = queues.isEmpty() && view.route == null && usualSpacing(buf, bodyAt) ? end - tokens[2] : 0;
        sink.onMessage(view, queues);
        return end;
    }

    /** Reads subject, reply and queues from the first {@code count} tokens. */
    private boolean address(byte[] buf, int count) {
        queues.clear();
        view.buf = buf;
        view.route = null;
        view.subjectOffset = tokens[0];
        view.subjectLength = tokens[1] - tokens[0];
        view.replyLength = 0;
        int reply = -1;
        int firstQueue = count;
        if (count == 2) {
            reply = 1;
        } else if (count > 2) {
            if (isOnly(buf, 1, '+')) {
                reply = 2;
                firstQueue = 3;
            } else if (isOnly(buf, 1, '|')) {
                firstQueue = 2;
            } else {
                return false;
            }
        }
        for (int i = firstQueue; i < count; i++) {
            queues.add(token(buf, i));
        }
        if (reply > 0) {
            reply(buf, tokens[2 * reply], tokens[2 * reply + 1]);
        }
        return true;
    }

    /** Whether the line has one blank between its words and CR LF behind them, so that others can be sent the same bytes. */
    private boolean usualSpacing(byte[] buf, int bodyAt) {
        for (int i = 1; i < tokenCount; i++) {
            if (tokens[2 * i] != tokens[2 * i - 1] + 1 || buf[tokens[2 * i - 1]] != ' ') {
                return false;
            }
        }
        return tokens[2 * tokenCount - 1] + 2 == bodyAt;
    }

    private void reply(byte[] buf, int from, int to) {
        view.replyOffset = from;
        view.replyLength = to - from;
        int at = shownSubjectAt(buf, from, to);
        if (at > 0) {
            view.route = Subject.copyOf(buf, view.subjectOffset, view.subjectLength);
            view.replyLength = at - from;
            view.subjectOffset = at + 1;
            view.subjectLength = to - at - 1;
        }
    }

    /** Where the {@code @} of a consumer's delivery is, or -1. */
    private static int shownSubjectAt(byte[] buf, int from, int to) {
        if (!Subjects.startsWith(buf, from, to - from, ACK_PREFIX)) {
            return -1;
        }
        int dots = 0;
        for (int i = from; i < to - 1; i++) {
            if (buf[i] == '.') {
                dots++;
            } else if (buf[i] == '@' && dots >= DOTS_BEFORE_AT) {
                return i;
            }
        }
        return -1;
    }

    private int fault(LeafFault fault, int to, LeafSink sink) {
        faulty = true;
        done();
        sink.onFault(fault);
        return to;
    }

    private void done() {
        scannedBytes = 0;
        neededBytes = 0;
    }

    private void split(byte[] buf, int from, int to) {
        tokenCount = 0;
        int i = from;
        while (true) {
            while (i < to && isBlank(buf[i])) {
                i++;
            }
            if (i == to) {
                return;
            }
            int start = i;
            i = wordEnd(buf, i, to);
            if (2 * tokenCount == tokens.length) {
                tokens = Arrays.copyOf(tokens, 2 * tokens.length);
            }
            tokens[2 * tokenCount] = start;
            tokens[2 * tokenCount + 1] = i;
            tokenCount++;
        }
    }

    private Subject token(byte[] buf, int index) {
        return Subject.copyOf(buf, tokens[2 * index], tokens[2 * index + 1] - tokens[2 * index]);
    }

    private boolean isOnly(byte[] buf, int index, char c) {
        return tokens[2 * index + 1] - tokens[2 * index] == 1 && buf[tokens[2 * index]] == c;
    }

    /** A number of one to nine plain digits; -1 for anything else. */
    private int number(byte[] buf, int index) {
        int from = tokens[2 * index];
        int to = tokens[2 * index + 1];
        if (to - from > SIZE_DIGITS_MAX) {
            return -1;
        }
        int value = 0;
        for (int i = from; i < to; i++) {
            if (buf[i] < '0' || buf[i] > '9') {
                return -1;
            }
            value = value * 10 + buf[i] - '0';
        }
        return value;
    }

    private static String unquoted(byte[] buf, int from, int to) {
        String text = new String(buf, from, to - from, StandardCharsets.UTF_8).strip();
        boolean quoted = text.length() >= 2 && text.startsWith("'") && text.endsWith("'");
        return quoted ? text.substring(1, text.length() - 1) : text;
    }

    private static int argumentsAt(byte[] buf, int from, int lineEnd) {
        int i = wordEnd(buf, from, lineEnd);
        while (i < lineEnd && isBlank(buf[i])) {
            i++;
        }
        return i;
    }

    private static int wordEnd(byte[] buf, int from, int to) {
        int i = from;
        while (i < to && !isBlank(buf[i])) {
            i++;
        }
        return i;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    private static int upper(byte b) {
        return b >= 'a' && b <= 'z' ? b - 32 : b;
    }

    /** The operations of a leaf connection. */
    private enum Operation {
        LMSG("LMSG"),
        HMSG("HMSG"),
        LS_ADD("LS+"),
        LS_REMOVE("LS-"),
        PING("PING"),
        PONG("PONG"),
        INFO("INFO"),
        CONNECT("CONNECT"),
        ERR("-ERR"),
        OK("+OK"),
        NONE("");

        private static final Operation[] ALL = values();
        private final String word;

        Operation(String word) {
            this.word = word;
        }

        static Operation of(byte[] buf, int from, int to) {
            for (Operation operation : ALL) {
                if (operation.spelt(buf, from, to)) {
                    return operation;
                }
            }
            return NONE;
        }

        private boolean spelt(byte[] buf, int from, int to) {
            if (to - from != word.length()) {
                return false;
            }
            for (int i = 0; i < word.length(); i++) {
                if (upper(buf[from + i]) != word.charAt(i)) {
                    return false;
                }
            }
            return true;
        }
    }
}
