package io.leafd.bench.micro;

import io.leafd.bench.load.Frames;
import io.leafd.broker.account.Account;
import io.leafd.broker.interest.Delivery;
import io.leafd.broker.interest.Publisher;
import io.leafd.broker.interest.Receiver;
import io.leafd.broker.interest.Subscription;
import io.leafd.broker.net.EventLoops;
import io.leafd.broker.net.Fanout;
import io.leafd.protocol.MessageView;
import io.leafd.protocol.Subject;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** One message to several receivers, from the loop's match cache to the bytes in each receiver's buffer; no socket. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FanoutBenchmark {
    private static final String SUBJECT = "plant.line1.temperature";

    @Param({"0", "1", "4", "64"})
    int receivers;

    @Param({"128", "1024", "16384"})
    int payloadBytes;

    private final EventLoops loops = new EventLoops(1);
    private final Account account = new Account("A", false);
    private final MessageView message = new MessageView();
    private final Publisher publisher = new Tireless();

    /** Subscribes and lays out the message as the parser does. */
    @Setup
    public void prepare() {
        for (int i = 0; i < receivers; i++) {
            byte[] sid = {(byte) ('0' + i % 10)};
            account.subscribe(new Subscription(new Buffer(), Subject.of(SUBJECT), null, sid, 1));
        }
        String tail = payloadBytes + "\r\n" + "x".repeat(payloadBytes) + "\r\n";
        message.buf = Frames.ascii("PUB " + SUBJECT + " " + tail);
        message.subjectOffset = 4;
        message.subjectLength = SUBJECT.length();
        message.tailOffset = message.buf.length - tail.length();
        message.tailLength = tail.length();
        message.bodyLength = payloadBytes;
        message.bodyOffset = message.buf.length - payloadBytes - 2;
    }

    /** Time to bring one message to all of them. */
    @Benchmark
    public int deliver() {
        return Fanout.deliver(loops.turn(0), account, message, publisher);
    }

    /** Ends the loop's thread. */
    @TearDown
    public void close() {
        loops.close();
    }

    /** A receiver that writes each message to the same place. */
    private static final class Buffer implements Receiver {
        private final ByteBuf buffer = Unpooled.directBuffer(32 * 1024);

        @Override
        public Kind kind() {
            return Kind.CLIENT;
        }

        @Override
        public boolean deliver(Subscription subscription, Delivery delivery) {
            MessageView message = delivery.message();
            buffer.clear()
                    .writeBytes(subscription.head(message))
                    .writeBytes(message.buf, message.tailOffset, message.tailLength);
            return subscription.count() > 0;
        }
    }

    /** A publisher that is never paused. */
    private static final class Tireless implements Publisher {
        @Override
        public void pause() {}

        @Override
        public void resume() {}
    }
}
