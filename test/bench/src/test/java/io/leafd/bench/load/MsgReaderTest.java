package io.leafd.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;

class MsgReaderTest {
    private final MsgReader reader = new MsgReader();

    @Test
    void messageIsFoundWhenItsLastByteIsThere() {
        add("MSG a.b 1 5\r\nhel");
        assertThat(reader.next()).isFalse();
        add("lo\r");
        assertThat(reader.next()).isFalse();
        add("\n");
        assertThat(reader.next()).isTrue();
        assertThat(reader.body()).isEqualTo("hello");
        assertThat(reader.reply()).isEmpty();
    }

    @Test
    void otherLinesAreSkipped() {
        add("INFO {}\r\nPING\r\n+OK\r\nMSG a 1 r.1 2\r\nok\r\nPONG\r\n");
        assertThat(reader.next()).isTrue();
        assertThat(reader.reply()).isEqualTo("r.1");
        assertThat(reader.takePinged()).isTrue();
        assertThat(reader.next()).isFalse();
    }

    @Test
    void statusIsAMessageOfHeadersOnly() {
        add("HMSG a 1 28 28\r\nNATS/1.0 404 No Messages\r\n\r\n\r\n");
        assertThat(reader.next()).isTrue();
        assertThat(reader.status()).isTrue();
        assertThat(reader.reply()).isEmpty();
    }

    @Test
    void headersWithReplyAreNoStatus() {
        add("HMSG a 1 r 18 20\r\nNATS/1.0\r\nA: b\r\n\r\nhi\r\n");
        assertThat(reader.next()).isTrue();
        assertThat(reader.reply()).isEqualTo("r");
        assertThat(reader.status()).isFalse();
        assertThat(reader.bodyLength()).isEqualTo(20);
    }

    @Test
    void errorOfTheServerEndsTheRun() {
        add("-ERR 'Slow Consumer'\r\n");
        assertThatIllegalStateException().isThrownBy(reader::next).withMessageContaining("Slow Consumer");
    }

    private void add(String text) {
        byte[] bytes = Frames.ascii(text);
        System.arraycopy(bytes, 0, reader.room(), reader.fillFrom(), bytes.length);
        reader.filled(bytes.length);
    }
}
