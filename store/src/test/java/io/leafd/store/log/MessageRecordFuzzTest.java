package io.leafd.store.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.leafd.protocol.Subject;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** What is written of a message is read again, whatever its bytes. */
class MessageRecordFuzzTest {
    private static final int HEAD_BYTES = 11;

    /** Bytes 0 and 1: length of the subject; 2: of the headers; 3 to 10: the time; then subject and body. */
    @FuzzTest(maxDuration = "6m")
    void isReadAsItWasWritten(byte[] data) {
        if (data.length < HEAD_BYTES) {
            return;
        }
        long timestampNs = ByteBuffer.wrap(data, 3, 8).getLong();
        int subjectBytes =
                Math.min(data.length - HEAD_BYTES, ByteBuffer.wrap(data).getShort() & 0xffff);
        Subject subject = Subject.copyOf(data, HEAD_BYTES, subjectBytes);
        byte[] body = Arrays.copyOfRange(data, HEAD_BYTES + subjectBytes, data.length);
        int headerBytes = Math.min(body.length, data[2] & 0xff);

        var message = new NewMessage(7, timestampNs, subject, ByteBuffer.wrap(body), headerBytes);
        ByteBuffer record = ByteBuffer.allocate(message.recordBytes());
        MessageRecord.write(record, message);
        assertThat(record.flip().remaining()).isEqualTo(record.capacity());

        for (Subject likely : new Subject[] {subject, Subject.of("another")}) {
            StoredMessage read = MessageRecord.read(7, record.duplicate(), likely);
            assertThat(read.subject()).isEqualTo(subject);
            assertThat(read.body()).isEqualTo(body);
            assertThat(read.timestampNs()).isEqualTo(timestampNs);
            assertThat(read.sizeBytes()).isEqualTo(message.sizeBytes());
        }
        MessageHead head = MessageRecord.readHead(7, record.duplicate());
        assertThat(head.subject()).isEqualTo(subject);
        assertThat(head.timestampNs()).isEqualTo(timestampNs);
        assertThat(head.sizeBytes())
                .isEqualTo(StoredMessage.sizeBytes(subjectBytes, headerBytes, body.length - headerBytes));
        assertThat(MessageRecord.subjectBytes(record)).isEqualTo(subjectBytes);
    }
}
