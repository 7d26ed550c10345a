package io.leafd.test.hostility;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.test.peer.RawClient;
import io.leafd.test.peer.TestDirectory;
import io.leafd.test.setup.CertificateAuthority;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;

/** Connections that never say who they are: each ends when its time is up, and nobody else waits for it. */
class HalfOpenIT {
    private static final int CLIENTS = 1_000;
    private static final int LEAFS = 200;
    private static final byte[] NOTHING = {};
    private static final byte[] HALF_A_CONNECT = "CONNECT {\"user\":\"g".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] HALF_A_HELLO = {0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00};
    private static final String LOGIN =
            "CONNECT {\"verbose\":false,\"pedantic\":false,\"user\":\"%s\",\"pass\":\"%s\"}\r\n"
                    .formatted(Box.USER, Box.PASSWORD);

    @Test
    void aThousandSilentConnectionsEndAndHinderNobody() throws IOException {
        try (Box box = Box.start("half-open", "");
                GoodClient good = GoodClient.at(box)) {
            box.measure();
            var silent = new ArrayList<Socket>();
            silent.addAll(Attack.open(CLIENTS / 2, box.leafd.clientPort(), NOTHING));
            silent.addAll(Attack.open(CLIENTS / 2, box.leafd.clientPort(), HALF_A_CONNECT));
            silent.addAll(Attack.open(LEAFS, box.leafPort, HALF_A_CONNECT));

            try (RawClient another = RawClient.open(box.leafd.clientPort())) {
                another.connect(LOGIN);
            }
            good.wasServedThroughout();
            assertThat(ends(silent)).allMatch(end -> end.contains("-ERR 'Authentication Timeout'"));
            box.settles();
        }
    }

    @Test
    void halfATlsHandshakeEndsToo() throws IOException {
        Path directory = TestDirectory.create("half-tls-authority");
        CertificateAuthority authority = CertificateAuthority.in(directory);
        CertificateAuthority.Certified server = authority.issueServer();
        SSLContext trusting = authority.client(null);
        try (Box box = Box.start("half-tls", """
                [tls]
                cert_file = "%s"
                key_file = "%s"
                """.formatted(server.certificateFile(), server.keyFile()))) {
            try (RawClient first = RawClient.open(box.leafd.clientPort())) {
                first.info();
                first.upgrade(trusting).send(LOGIN).exchange("");
            }
            box.measure();
            var silent = new ArrayList<Socket>();
            silent.addAll(Attack.open(CLIENTS / 2, box.leafd.clientPort(), HALF_A_HELLO));
            silent.addAll(Attack.open(LEAFS, box.leafPort, HALF_A_HELLO));
            silent.addAll(Attack.open(50, box.httpPort, HALF_A_HELLO));

            try (RawClient another = RawClient.open(box.leafd.clientPort())) {
                another.info();
                assertThat(another.upgrade(trusting).send(LOGIN).exchange("")).isEmpty();
            }
            ends(silent);
            box.settles();
        }
    }

    /** What each was told before it was closed. */
    private static List<String> ends(List<Socket> sockets) {
        List<String> ends = sockets.stream().map(Attack::rest).toList();
        Attack.close(sockets);
        return ends;
    }
}
