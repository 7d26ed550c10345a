package io.leafd.store.log;

import io.leafd.protocol.Subject;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A message to its record and back, without checksum and RocksDB. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RecordBenchmark {
    @Param({"128", "1024"})
    int payloadBytes;

    private final Subject subject = Subject.of("plant.line1.temperature");
    private NewMessage message = new NewMessage(1, 1, subject, ByteBuffer.allocate(0), 0);
    private ByteBuffer record = ByteBuffer.allocateDirect(0);

    /** Writes the record that is read. */
    @Setup
    public void prepare() {
        message = new NewMessage(1, 1, subject, ByteBuffer.allocate(payloadBytes), 0);
        record = ByteBuffer.allocateDirect(message.recordBytes());
        MessageRecord.write(record, message);
    }

    /** Time to encode. */
    @Benchmark
    public ByteBuffer write() {
        MessageRecord.write(record.clear(), message);
        return record;
    }

    /** Time to decode, with the array of the payload made anew. */
    @Benchmark
    public StoredMessage read() {
        return MessageRecord.read(1, record.clear(), subject);
    }
}
