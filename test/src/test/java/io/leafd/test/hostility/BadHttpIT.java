package io.leafd.test.hostility;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.test.peer.Deadline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Requests that no browser sends, and connections that hold a place without a request. */
class BadHttpIT {
    private static final int SLOW = 64; // as many as are served at one time

    @Test
    void connectionsWithoutARequestMakeRoom() throws IOException {
        try (Box box = Box.start("slow-http", "");
                GoodClient good = GoodClient.at(box)) {
            assertThat(get(box, "/healthz")).startsWith("HTTP/1.1 200");
            box.measure();
            List<Socket> slow = Attack.open(SLOW, box.httpPort, ascii("GET /varz HTTP/1.1\r\nHost: x\r\nA: "));

            Deadline.await("monitoring is served again", Deadline.ANSWER, () -> {
                drip(slow);
                return get(box, "/healthz").startsWith("HTTP/1.1 200");
            });
            good.wasServedThroughout();
            Attack.close(slow);
            box.settles();
        }
    }

    @Test
    void badRequestsGetAnAnswer() throws IOException {
        try (Box box = Box.start("bad-http", "")) {
            assertThat(get(box, "/healthz")).startsWith("HTTP/1.1 200");
            box.measure();
            answers(box, "GET /" + "a".repeat(10_000) + " HTTP/1.1\r\nHost: x\r\n\r\n", "4");
            answers(box, "GET /varz HTTP/1.1\r\nHost: x\r\nA: " + "b".repeat(20_000) + "\r\n\r\n", "4");
            answers(box, "GET /varz HTTP/1.1\r\nHost: x\r\n" + "A: b\r\n".repeat(3_000) + "\r\n", "4");
            answers(box, "DELETE /varz HTTP/1.1\r\nHost: x\r\n\r\n", "405");
            answers(box, "POST /varz HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999\r\n\r\n", "413");
            answers(box, "TRACE / HTTP/1.1\r\nHost: x\r\n\r\n", "405");
            answers(box, "GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n", "404");
            answers(box, "GET /%2e%2e/%zz HTTP/1.1\r\nHost: x\r\n\r\n", "4");
            answers(box, "GET /connz?limit=-1 HTTP/1.1\r\nHost: x\r\n\r\n", "400");
            answers(box, "GET /connz?limit=99999999999 HTTP/1.1\r\nHost: x\r\n\r\n", "400");
            answers(box, "GET /varz HTTP/9.9\r\n\r\n", "");
            answers(box, "\u0000\u0001\u0002\r\n\r\n", "");
            assertThat(get(box, "/varz")).startsWith("HTTP/1.1 200");
            box.settles();
        }
    }

    private static void answers(Box box, String request, String status) throws IOException {
        String answer = Attack.say(box.httpPort, request.getBytes(StandardCharsets.ISO_8859_1));
        assertThat(answer)
                .as(request.substring(0, Math.min(60, request.length())))
                .startsWith(status.isEmpty() ? "" : "HTTP/1.1 " + status)
                .doesNotContain("Exception", "io.leafd", "\tat ");
    }

    private static String get(Box box, String path) {
        try {
            return Attack.say(box.httpPort, ascii("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A slow sender's next byte, on each connection that is still open. */
    private static void drip(List<Socket> slow) {
        for (Socket socket : slow) {
            try {
                socket.getOutputStream().write('b');
            } catch (IOException closed) {
                // as it should be
            }
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
