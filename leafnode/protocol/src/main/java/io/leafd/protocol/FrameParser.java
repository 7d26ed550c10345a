package io.leafd.protocol;

/**
 * Splits a client's byte stream into frames. Owned by the connection's event loop.
 *
 * <p>The caller keeps the bytes: {@link #parse} walks from {@code start}, hands every whole frame to the sink and returns
 * where the first unfinished one begins; the caller calls again with those bytes in front of the next ones. So there is no
 * copy of payloads here, and the only state between calls is how far the unfinished line was already searched.
 *
 * <pre>
 *   PUB plant.temp _INBOX.1 5\r\nhello\r\n
 *       |          |        |    └ body (bodyOffset, bodyLength)
 *       |          └ tail: reply, size, CR LF, body, CR LF: what every MSG ends with, copied unchanged
 *       └ subject
 * </pre>
 *
 * Invariants: (1) nothing is allocated for a frame before its line is within {@code controlLineMax} and its payload within
 * {@code payloadMax}; (2) bytes behind a frame are never looked at before the sink has handled it; (3) after an error or
 * once the sink says stopped, no further frame is handed out by that call.
 *
 * <p>Grammar (observed on nats-server 2.15.2): operations in any case, arguments split by runs of blank or TAB, lines end
 * with LF and an optional CR before it; a payload is read by its length and must be followed by CR LF.
 */
public final class FrameParser {
    private static final int ARGUMENTS_MAX = 6;
    private static final int OPERATION_MAX_BYTES = 8; // CONNECT and its blank, in front of a line's arguments

    private final FrameSink sink;
    private final MessageView view = new MessageView();
    private final int[] argStart = new int[ARGUMENTS_MAX];
    private final int[] argEnd = new int[ARGUMENTS_MAX];
    private int controlLineMax;
    private int payloadMax;
    private int searched; // bytes of the unfinished line that hold no LF
    private int wanted; // bytes from start that the unfinished frame needs, 0 if not known yet
    private boolean failed;

    /** A parser with limits in bytes: of the arguments of a line, and of headers and payload together. */
    public FrameParser(FrameSink sink, int controlLineMax, int payloadMax) {
        this.sink = sink;
        this.controlLineMax = controlLineMax;
        this.payloadMax = payloadMax;
    }

    /** Sets other limits for the frames to come. */
    public void limits(int newControlLineMax, int newPayloadMax) {
        controlLineMax = newControlLineMax;
        payloadMax = newPayloadMax;
    }

    /** How many bytes the unfinished frame has in all, as far as that is known, else 0. */
    public int wanted() {
        return wanted;
    }

    /**
     * Parses {@code buf[start, end)}.
     *
     * @return where the first byte lies that was not used
     */
    public int parse(byte[] buf, int start, int end) {
        int at = start;
        while (at < end && !failed && !sink.stopped()) {
            if (wanted > end - at) {
                return at;
            }
            int next = frame(buf, at, end);
            if (next < 0) {
                return at;
            }
            at = next;
            searched = 0;
            wanted = 0;
        }
        return at;
    }

    /** Handles the frame at {@code at} and returns where the next begins, or -1 if it is unfinished or wrong. */
    private int frame(byte[] buf, int at, int end) {
        if (!mayBegin(buf[at])) {
            return fail(ProtocolError.UNKNOWN_OPERATION);
        }
        int lf = at + searched;
        while (lf < end && buf[lf] != '\n') {
            lf++;
        }
        int lineEnd = lf > at && buf[lf - 1] == '\r' ? lf - 1 : lf;
        if (lineEnd - at > OPERATION_MAX_BYTES + controlLineMax) {
            return fail(ProtocolError.CONTROL_LINE);
        }
        if (lf == end) {
            searched = end - at;
            return -1;
        }
        return switch (buf[at] | 0x20) {
            case 'p' -> {
                if (isOp(buf, at, lineEnd, "PUB")) {
                    yield publish(buf, at, lineEnd, lf, end, at + 3, false);
                }
                if (startsWith(buf, at, lineEnd, "PING")) {
                    sink.onPing();
                    yield lf + 1;
                }
                if (startsWith(buf, at, lineEnd, "PONG")) {
                    sink.onPong();
                    yield lf + 1;
                }
                yield fail(ProtocolError.UNKNOWN_OPERATION);
            }
            case 'h' ->
                isOp(buf, at, lineEnd, "HPUB")
                        ? publish(buf, at, lineEnd, lf, end, at + 4, true)
                        : fail(ProtocolError.UNKNOWN_OPERATION);
            default -> line(buf, at, lineEnd) ? lf + 1 : -1;
        };
    }

    /** The operations without payload; false if the line was wrong. */
    private boolean line(byte[] buf, int at, int lineEnd) {
        if (isOp(buf, at, lineEnd, "SUB")) {
            return fits(lineEnd - at - 4) && subscribe(buf, at + 3, lineEnd);
        }
        if (isOp(buf, at, lineEnd, "UNSUB")) {
            return fits(lineEnd - at - 6) && unsubscribe(buf, at + 5, lineEnd);
        }
        if (isOp(buf, at, lineEnd, "CONNECT")) {
            if (!fits(lineEnd - at - 8)) {
                return false;
            }
            sink.onConnect(buf, at + 8, lineEnd - at - 8);
            return true;
        }
        if (isOp(buf, at, lineEnd, "INFO")) {
            return fits(lineEnd - at - 5);
        }
        if (startsWith(buf, at, lineEnd, "+OK")) {
            return true;
        }
        if (startsWith(buf, at, lineEnd, "-ERR")) {
            sink.onPeerError();
            return true;
        }
        fail(ProtocolError.UNKNOWN_OPERATION);
        return false;
    }

    private int publish(byte[] buf, int at, int lineEnd, int lf, int end, int argsFrom, boolean headers) {
        if (!fits(lineEnd - argsFrom - 1)) {
            return -1;
        }
        int sizes = headers ? 2 : 1;
        int count = split(buf, argsFrom, lineEnd);
        if (count < 1 + sizes || count > 2 + sizes || (headers && !sink.headers())) {
            return fail(ProtocolError.ARGUMENTS);
        }
        int total = size(buf, count - 1);
        int headerLength = headers ? size(buf, count - 2) : 0;
        if (total < 0 || headerLength < 0 || headerLength > total) {
            return fail(ProtocolError.ARGUMENTS);
        }
        if (total > payloadMax) {
            return fail(ProtocolError.PAYLOAD);
        }
        int body = lf + 1;
        if (end - body < total + 2) {
            searched = lf - at;
            wanted = body - at + total + 2;
            return -1;
        }
        if (buf[body + total] != '\r' || buf[body + total + 1] != '\n') {
            return fail(ProtocolError.UNKNOWN_OPERATION);
        }
        boolean reply = count == 2 + sizes;
        boolean usualSpacing = lf == lineEnd + 1 && usualSpacing(buf, count, lineEnd);
        view.buf = buf;
        view.subjectOffset = argStart[0];
        view.subjectLength = argEnd[0] - argStart[0];
        view.replyOffset = argStart[1];
        view.replyLength = reply ? argEnd[1] - argStart[1] : 0;
        view.bodyOffset = body;
        view.bodyLength = total;
        view.headerLength = headerLength;
        view.tailOffset = argStart[1];
        view.tailLength = usualSpacing && (!headers || headerLength > 0) ? body + total + 2 - argStart[1] : 0;
        view.route = null;
        sink.onPub(view);
        return body + total + 2;
    }

    private boolean subscribe(byte[] buf, int argsFrom, int lineEnd) {
        int count = split(buf, argsFrom, lineEnd);
        if (count < 2 || count > 3) {
            fail(ProtocolError.ARGUMENTS);
            return false;
        }
        Subject queue = count == 3 ? subject(buf, 1) : null;
        sink.onSub(subject(buf, 0), queue, subject(buf, count - 1).bytes());
        return true;
    }

    private boolean unsubscribe(byte[] buf, int argsFrom, int lineEnd) {
        int count = split(buf, argsFrom, lineEnd);
        if (count < 1 || count > 2) {
            fail(ProtocolError.ARGUMENTS);
            return false;
        }
        int max = count == 2 ? Math.max(0, size(buf, 1)) : 0;
        sink.onUnsub(subject(buf, 0).bytes(), max);
        return true;
    }

    private Subject subject(byte[] buf, int arg) {
        return Subject.copyOf(buf, argStart[arg], argEnd[arg] - argStart[arg]);
    }

    /** Finds the arguments in {@code [from, to)}; returns how many, at most one more than the array holds. */
    private int split(byte[] buf, int from, int to) {
        int count = 0;
        int i = from;
        while (true) {
            while (i < to && isBlank(buf[i])) {
                i++;
            }
            if (i == to) {
                return count;
            }
            if (count == ARGUMENTS_MAX) {
                return count + 1;
            }
            argStart[count] = i;
            while (i < to && !isBlank(buf[i])) {
                i++;
            }
            argEnd[count++] = i;
        }
    }

    /** 1 to 9 digits, or -1. */
    private int size(byte[] buf, int arg) {
        int length = argEnd[arg] - argStart[arg];
        if (length < 1 || length > 9) {
            return -1;
        }
        int value = 0;
        for (int i = argStart[arg]; i < argEnd[arg]; i++) {
            if (buf[i] < '0' || buf[i] > '9') {
                return -1;
            }
            value = 10 * value + buf[i] - '0';
        }
        return value;
    }

    /** Whether the arguments behind the subject stand one blank apart and end the line. */
    private boolean usualSpacing(byte[] buf, int count, int lineEnd) {
        for (int i = 2; i < count; i++) {
            if (argStart[i] != argEnd[i - 1] + 1 || buf[argEnd[i - 1]] != ' ') {
                return false;
            }
        }
        return argEnd[count - 1] == lineEnd;
    }

    private boolean fits(int length) {
        if (length > controlLineMax) {
            fail(ProtocolError.CONTROL_LINE);
            return false;
        }
        return true;
    }

    private int fail(ProtocolError error) {
        failed = true;
        sink.onError(error);
        return -1;
    }

    private static boolean mayBegin(byte b) {
        return switch (b | 0x20) {
            case 'c', 'h', 'i', 'p', 's', 'u', '+', '-' -> true;
            default -> false;
        };
    }

    /** Whether the line is {@code op} followed by a blank. */
    private static boolean isOp(byte[] buf, int at, int lineEnd, String op) {
        return at + op.length() < lineEnd && isBlank(buf[at + op.length()]) && startsWith(buf, at, lineEnd, op);
    }

    private static boolean startsWith(byte[] buf, int at, int lineEnd, String op) {
        if (lineEnd - at < op.length()) {
            return false;
        }
        for (int i = 0; i < op.length(); i++) {
            if (upper(buf[at + i]) != op.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static int upper(byte b) {
        return b >= 'a' && b <= 'z' ? b - 0x20 : b;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }
}
