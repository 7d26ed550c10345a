package io.leafd.bench.micro;

import io.leafd.bench.load.Frames;
import io.leafd.protocol.FrameParser;
import io.leafd.protocol.FrameSink;
import io.leafd.protocol.MessageView;
import io.leafd.protocol.ProtocolError;
import io.leafd.protocol.Subject;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One PUB out of a buffer that holds many. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ParserBenchmark {
    static final int FRAMES = 64;

    @Param({"16", "128", "1024"})
    int payloadBytes;

    @Param({"", "_INBOX.aBcDeFgH.1"})
    String reply = "";

    private byte[] buffer = new byte[0];
    private final Counter counter = new Counter();
    private final FrameParser parser = new FrameParser(counter, 4096, 1 << 20);

    /** Fills the buffer. */
    @Setup
    public void fill() {
        byte[] frame = Frames.pub("plant.line1.temperature", reply, payloadBytes);
        buffer = new byte[FRAMES * frame.length];
        for (int i = 0; i < FRAMES; i++) {
            System.arraycopy(frame, 0, buffer, i * frame.length, frame.length);
        }
    }

    /** Time for one frame. */
    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public long publish() {
        parser.parse(buffer, 0, buffer.length);
        return counter.bytes;
    }

    /** Takes frames and adds up their payloads. */
    private static final class Counter implements FrameSink {
        private long bytes;

        @Override
        public void onPub(MessageView message) {
            bytes += message.bodyLength;
        }

        @Override
        public void onConnect(byte[] buf, int offset, int length) {}

        @Override
        public void onPing() {}

        @Override
        public void onPong() {}

        @Override
        public void onSub(Subject subject, @Nullable Subject queue, byte[] sid) {}

        @Override
        public void onUnsub(byte[] sid, long max) {}

        @Override
        public void onPeerError() {}

        @Override
        public void onError(ProtocolError error) {
            throw new IllegalStateException(error.toString());
        }

        @Override
        public boolean stopped() {
            return false;
        }

        @Override
        public boolean headers() {
            return true;
        }
    }
}
