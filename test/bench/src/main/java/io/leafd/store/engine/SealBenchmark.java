package io.leafd.store.engine;

import io.leafd.store.crypt.StoreKeys;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The header of a record: a checksum, or encryption. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SealBenchmark {
    private static final int KEY_BYTES = 16;
    private static final int SECRET_BYTES = 32;

    @Param({"128", "1024", "16384"})
    int bodyBytes;

    @Param({"false", "true"})
    boolean encrypted;

    private Records records = new Records(StoreKeys.NONE);
    private final ByteBuffer key = ByteBuffer.allocateDirect(KEY_BYTES);
    private ByteBuffer value = ByteBuffer.allocateDirect(0);
    private byte[] sealed = new byte[0];
    private ByteBuffer read = ByteBuffer.allocateDirect(0);

    /** Seals a record, for reading. */
    @Setup
    public void fill() {
        records = new Records(encrypted ? StoreKeys.of(List.of(new byte[SECRET_BYTES])) : StoreKeys.NONE);
        value = ByteBuffer.allocateDirect(Records.HEADER_BYTES + bodyBytes);
        ByteBuffer record = seal();
        sealed = new byte[record.remaining()];
        record.get(record.position(), sealed);
        read = ByteBuffer.allocateDirect(sealed.length);
    }

    /** Time to seal a body that is there. */
    @Benchmark
    public ByteBuffer seal() {
        return records.sealed(Family.MESSAGES, key, value.position(0));
    }

    /** Time to fetch and check a record. */
    @Benchmark
    public ByteBuffer open() {
        String problem = records.problem(key, read.clear().put(sealed).flip());
        if (problem != null) {
            throw new IllegalStateException(problem);
        }
        return read;
    }
}
