package io.leafd.test.hostility;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/** Lines that no client should send: random, binary, oversized, cut, or good ones with a few bytes changed. Follows from its seed. */
final class BadLines {
    private static final String[] GOOD = {
        "CONNECT {\"verbose\":false,\"pedantic\":false,\"user\":\"x\",\"pass\":\"y\"}\r\n",
        "PING\r\n",
        "PONG\r\n",
        "SUB bad.* 1\r\n",
        "SUB bad.> workers 2\r\n",
        "UNSUB 1 5\r\n",
        "PUB bad.a 5\r\nhello\r\n",
        "PUB bad.a _INBOX.x 5\r\nhello\r\n",
        "HPUB bad.a 12 17\r\nNATS/1.0\r\n\r\nhello\r\n",
        "PUB $JS.API.INFO _INBOX.x 0\r\n\r\n",
        "LS+ bad.a\r\n",
        "LS+ bad.> workers 3\r\n",
        "LS- bad.a\r\n",
        "LMSG bad.a 5\r\nhello\r\n",
        "LMSG bad.a + _INBOX.x workers 5\r\nhello\r\n",
        "HMSG bad.a 12 17\r\nNATS/1.0\r\n\r\nhello\r\n",
        "INFO {\"server_id\":\"N\"}\r\n",
        "-ERR 'x'\r\n",
        "GET /varz HTTP/1.1\r\nHost: x\r\n\r\n",
    };
    private static final int OVERSIZED = 9_000;

    private final Random random;

    BadLines(long seed) {
        random = new Random(seed);
    }

    byte[] next() {
        return switch (random.nextInt(8)) {
            case 0 -> random(random.nextInt(120));
            case 1 -> ("PUB bad.a " + random.nextLong() + "\r\n").getBytes(StandardCharsets.US_ASCII);
            case 2 -> oversized();
            case 3 -> {
                byte[] good = good();
                yield Arrays.copyOf(good, random.nextInt(good.length));
            }
            default -> mutated(good());
        };
    }

    private byte[] good() {
        return GOOD[random.nextInt(GOOD.length)].getBytes(StandardCharsets.US_ASCII);
    }

    private byte[] random(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private byte[] oversized() {
        byte[] line = new byte[random.nextInt(20) == 0 ? OVERSIZED : 300];
        Arrays.fill(line, (byte) "A. \t{".charAt(random.nextInt(5)));
        byte[] good = good();
        System.arraycopy(good, 0, line, 0, Math.min(4, good.length));
        return line;
    }

    private byte[] mutated(byte[] line) {
        var out = new ByteArrayOutputStream();
        for (byte b : line) {
            switch (random.nextInt(24)) {
                case 0 -> out.write(random.nextInt(256));
                case 1 -> out.write("\r\n\t .*>0{\"".charAt(random.nextInt(10)));
                case 2 -> {
                    out.write(b);
                    out.write(b);
                }
                case 3 -> {} // left out
                default -> out.write(b);
            }
        }
        return out.toByteArray();
    }
}
