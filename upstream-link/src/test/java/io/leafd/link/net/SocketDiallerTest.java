package io.leafd.link.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import org.junit.jupiter.api.Test;

class SocketDiallerTest {
    @Test
    void theOwnerReadsWhatTheSystemSaidAndNoCall() {
        assertThat(SocketDialler.words(new ConnectException(
                        "finishConnect(..) failed with error(-111): Connection refused: /127.0.0.1:7422")))
                .isEqualTo("Connection refused");
        assertThat(SocketDialler.words(new ConnectException(
                        "connect(..) failed with error(-101): Network is unreachable: hub.example.net/192.0.2.1:7422")))
                .isEqualTo("Network is unreachable");
        assertThat(SocketDialler.words(new IOException("Connection reset by peer")))
                .isEqualTo("Connection reset by peer");
        assertThat(SocketDialler.words(new IOException())).isEqualTo("IOException");
    }
}
