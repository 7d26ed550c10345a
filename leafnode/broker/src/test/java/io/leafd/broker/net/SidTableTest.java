package io.leafd.broker.net;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.broker.interest.Delivery;
import io.leafd.broker.interest.Receiver;
import io.leafd.broker.interest.Subscription;
import io.leafd.protocol.Subject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SidTableTest {
    private record Client(Kind kind) implements Receiver {
        @Override
        public boolean deliver(Subscription subscription, Delivery delivery) {
            return true;
        }
    }

    private static Subscription subscription(String sid) {
        return new Subscription(new Client(Receiver.Kind.CLIENT), Subject.of("a.b"), null, sid.getBytes(US_ASCII), 1);
    }

    @Test
    void itBehavesLikeAMap() {
        var random = new Random(7);
        Map<String, Subscription> model = new HashMap<>();
        var table = new SidTable();
        for (int step = 0; step < 200_000; step++) {
            int sids = step < 100_000 ? 3_000 : 5; // grows, then shrinks to a few
            String sid = Integer.toString(random.nextInt(step < 150_000 ? 3_000 : 3_000 / sids));
            Subscription known = table.get(sid.getBytes(US_ASCII));
            assertThat(known).isSameAs(model.get(sid));
            if (known == null && (step < 100_000 || random.nextInt(5) == 0)) {
                Subscription added = subscription(sid);
                table.add(added);
                model.put(sid, added);
            } else if (known != null && (step >= 100_000 || random.nextInt(3) == 0)) {
                assertThat(table.remove(known)).isTrue();
                model.remove(sid);
            }
            assertThat(table.size()).isEqualTo(model.size());
        }
    }

    @Test
    void whatIsNotInItIsNotRemoved() {
        var table = new SidTable();
        assertThat(table.remove(subscription("1"))).isFalse();
        table.add(subscription("1"));
        assertThat(table.remove(subscription("1"))).isFalse();
        assertThat(table.remove(subscription("2"))).isFalse();
        assertThat(table.size()).isEqualTo(1);
    }

    @Test
    void aTableThatIsGivenUpIsTakenApartInSteps() {
        var table = new SidTable();
        var all = new HashSet<Subscription>();
        for (int i = 0; i < 1_000; i++) {
            Subscription added = subscription("s" + i);
            table.add(added);
            all.add(added);
        }
        List<Subscription> taken = new ArrayList<>();
        while (table.size() > 0) {
            int before = taken.size();
            table.takeSome(300, taken::add);
            assertThat(taken.size() - before).isPositive().isLessThanOrEqualTo(300);
        }
        assertThat(new HashSet<>(taken)).isEqualTo(all);
        assertThat(taken).hasSameSizeAs(all);
    }
}
