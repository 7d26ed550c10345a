package io.leafd.security.tls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leafd.security.SecurityConfigException;
import java.util.List;
import org.junit.jupiter.api.Test;

class PemTest {
    private static List<Pem.Block> parse(String content) {
        return Pem.parse(content.getBytes(ISO_8859_1), "x.pem");
    }

    @Test
    void blocksAreFoundAmongOtherText() {
        List<Pem.Block> blocks =
                parse("subject=CN = \u00fc: x\n-----BEGIN A B-----\nAQID\nBAU=\n-----END A B-----\r\n\r\n"
                        + "junk\n  -----BEGIN C-----  \r\n Bg== \r\n-----END C-----");

        assertThat(blocks).extracting(Pem.Block::label).containsExactly("A B", "C");
        assertThat(blocks.get(0).der()).containsExactly(1, 2, 3, 4, 5);
        assertThat(blocks.get(1).der()).containsExactly(6);
        assertThat(blocks).extracting(Pem.Block::line).containsExactly(2, 8);
        assertThat(blocks).noneMatch(Pem.Block::encrypted);
    }

    @Test
    void headersAreSkippedAndEncryptionIsSeen() {
        List<Pem.Block> blocks =
                parse("-----BEGIN K-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAQID\n-----END K-----\n"
                        + "-----BEGIN L-----\nComment: none\n\nAQID\n-----END L-----\n");

        assertThat(blocks.get(0).encrypted()).isTrue();
        assertThat(blocks.get(0).der()).isEmpty();
        assertThat(blocks.get(1).encrypted()).isFalse();
        assertThat(blocks.get(1).der()).containsExactly(1, 2, 3);
    }

    @Test
    void contentWithoutBlocksHasNone() {
        assertThat(parse("")).isEmpty();
        assertThat(parse("\n\n")).isEmpty();
        assertThat(parse("AQID")).isEmpty();
    }

    @Test
    void damageIsReportedWithItsLine() {
        refuses("x\n-----BEGIN A-----\nAQID\n", "x.pem:2: the block \"A\" has no END line");
        refuses("-----BEGIN A-----\nA!ID\n-----END A-----", "x.pem:1: the block \"A\" is no base64");
        refuses("\n-----BEGIN A\nAQID\n-----END A-----", "x.pem:2: its BEGIN line does not end with -----");
    }

    private static void refuses(String content, String reason) {
        assertThatThrownBy(() -> parse(content))
                .isInstanceOf(SecurityConfigException.class)
                .hasMessageStartingWith(reason);
    }
}
