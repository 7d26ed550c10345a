package io.leafd.bench.micro;

import io.leafd.broker.account.Account;
import io.leafd.broker.interest.Delivery;
import io.leafd.broker.interest.Receiver;
import io.leafd.broker.interest.Receivers;
import io.leafd.broker.interest.Subscription;
import io.leafd.protocol.Subject;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Who receives a subject, found in the trie: what a message costs when the loop's cache does not know its subject. The subjects go
 * through all that are subscribed, so that a large trie is not served from the processor's cache alone.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(jvmArgsAppend = {"-Xmx3g"})
public class InterestBenchmark {
    private static final int ASKED = 1 << 12;

    @Param({"10", "10000", "1000000"})
    int subscriptions;

    /** Whether each tenth subscription has a wildcard in the place of its last token. */
    @Param({"false", "true"})
    boolean wildcards;

    private final Account account = new Account("A", false);
    private final Subject[] asked = new Subject[ASKED];
    private int next;

    /** Subscribes. */
    @Setup
    public void subscribe() {
        var nobody = new Nobody();
        for (int i = 0; i < subscriptions; i++) {
            String filter = wildcards && i % 10 == 0 ? subject(i, "*") : subject(i, "temperature");
            account.subscribe(new Subscription(nobody, Subject.of(filter), null));
        }
        for (int i = 0; i < ASKED; i++) {
            asked[i] = Subject.of(subject((int) ((long) i * 7919 % subscriptions), "temperature"));
        }
    }

    /** Time to match one subject. */
    @Benchmark
    public Receivers match() {
        next = (next + 1) & (ASKED - 1);
        return account.sublist().match(asked[next]);
    }

    private static String subject(int number, String last) {
        return "plant.%d.line.%d.%s".formatted(number % 1000, number / 1000, last);
    }

    /** Subscribes and takes nothing. */
    private static final class Nobody implements Receiver {
        @Override
        public Kind kind() {
            return Kind.CLIENT;
        }

        @Override
        public boolean deliver(Subscription subscription, Delivery delivery) {
            return false;
        }
    }
}
