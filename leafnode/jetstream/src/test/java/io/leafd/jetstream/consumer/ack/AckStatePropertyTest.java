package io.leafd.jetstream.consumer.ack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random histories against a model that scans plain maps for everything. */
class AckStatePropertyTest {
    private static final int STEPS = 4_000;
    private static final long WAIT_NS = 100;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void behavesAsTheModelWithExplicitAcks(long seed) {
        run(new Random(seed), AckRules.Kind.EXPLICIT, (int) (seed % 3) * 2);
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    void behavesAsTheModelWithCumulativeAcks(long seed) {
        run(new Random(seed), AckRules.Kind.CUMULATIVE, 0);
    }

    private static void run(Random random, AckRules.Kind kind, int deliveriesMax) {
        var rules = new AckRules(kind, WAIT_NS, List.of(), deliveriesMax, 40);
        var log = new AckLog();
        var state = new AckState(rules, log);
        var clock = new TestClock();
        var model = new Model(kind, deliveriesMax);
        long nextSeq = 1;
        for (int step = 0; step < STEPS; step++) {
            clock.advance(random.nextInt(20));
            long seq = 1 + random.nextLong(nextSeq + 1);
            switch (random.nextInt(10)) {
                case 0, 1, 2, 3 -> {
                    if (!state.full()) {
                        nextSeq += 1 + random.nextInt(3);
                        assertThat(state.deliver(nextSeq, clock)).isEqualTo(model.deliver(nextSeq, clock.nowNs()));
                    }
                }
                case 4, 5 -> assertThat(state.ack(seq, model.consumerSeq(seq))).isEqualTo(model.ack(seq));
                case 6 -> {
                    long delayNs = random.nextBoolean() ? -1 : random.nextInt(200);
                    assertThat(state.nak(seq, model.lastConsumer, delayNs, clock))
                            .isEqualTo(model.nak(seq, delayNs, clock.nowNs()));
                }
                case 7 -> {
                    state.progress(seq, clock);
                    model.progress(seq, clock.nowNs());
                }
                case 8 -> {
                    state.expire(clock.nowNs());
                    model.expire(clock.nowNs());
                }
                default -> {
                    PendingMessage message = state.redelivery();
                    Long expected = model.redelivery();
                    assertThat(message == null ? null : message.streamSeq()).isEqualTo(expected);
                    if (message != null && expected != null) {
                        state.redeliver(message, clock);
                        model.redeliver(expected, clock.nowNs());
                    }
                }
            }
            check(state, model, step);
        }
    }

    private static void check(AckState state, Model model, int step) {
        assertThat(state.pendingCount()).as("pending at step %d", step).isEqualTo(model.pending.size());
        assertThat(state.floor())
                .as("floor at step %d", step)
                .isEqualTo(new SeqPair(model.floorConsumer, model.floorStream));
        assertThat(state.delivered()).isEqualTo(new SeqPair(model.lastConsumer, model.lastStream));
        assertThat(state.redeliveries()).isEqualTo(model.queue.size());
        var seqs = new ArrayList<Long>();
        state.forEachPending(message -> {
            seqs.add(message.streamSeq());
            Model.Entry entry = model.pending.get(message.streamSeq());
            assertThat(entry).isNotNull();
            assertThat(message.deliveries()).isEqualTo(entry.deliveries);
        });
        assertThat(seqs).containsExactlyElementsOf(model.pending.keySet());
        assertThat(state.floor().stream()).isLessThanOrEqualTo(state.delivered().stream());
    }

    /** The same rules, written without any thought of speed. */
    private static final class Model {
        private static final class Entry {
            final long consumerSeq;
            int deliveries = 1;
            long dueNs;

            Entry(long consumerSeq, long dueNs) {
                this.consumerSeq = consumerSeq;
                this.dueNs = dueNs;
            }
        }

        private final AckRules.Kind kind;
        private final int deliveriesMax;
        private final TreeMap<Long, Entry> pending = new TreeMap<>();
        private final List<Long> queue = new ArrayList<>();
        private long lastConsumer;
        private long lastStream;
        private long floorConsumer;
        private long floorStream;

        Model(AckRules.Kind kind, int deliveriesMax) {
            this.kind = kind;
            this.deliveriesMax = deliveriesMax;
        }

        long deliver(long seq, long nowNs) {
            pending.put(seq, new Entry(++lastConsumer, nowNs + WAIT_NS));
            lastStream = seq;
            return lastConsumer;
        }

        long consumerSeq(long seq) {
            Entry entry = pending.get(seq);
            return entry == null ? 0 : entry.consumerSeq;
        }

        boolean ack(long seq) {
            if (seq > lastStream) {
                return false;
            }
            if (kind == AckRules.Kind.EXPLICIT) {
                boolean lowest = !pending.isEmpty() && pending.firstKey() == seq;
                if (pending.remove(seq) != null) {
                    queue.remove(seq);
                    floor(lowest);
                }
                return true;
            }
            long consumer = consumerSeq(seq);
            if (consumer > floorConsumer && seq > floorStream) {
                queue.removeIf(queued -> queued <= seq);
                pending.headMap(seq, true).clear();
                floorConsumer = consumer;
                floorStream = seq;
            }
            return true;
        }

        boolean nak(long seq, long delayNs, long nowNs) {
            Entry entry = pending.get(seq);
            if (entry == null || lastConsumer <= floorConsumer) {
                return false;
            }
            if (delayNs >= 0) {
                queue.remove(seq);
                entry.dueNs = nowNs + delayNs;
            } else if (!queue.contains(seq)) {
                queue.add(seq);
            }
            return true;
        }

        void progress(long seq, long nowNs) {
            Entry entry = pending.get(seq);
            if (entry != null) {
                entry.dueNs = nowNs + WAIT_NS;
            }
        }

        void expire(long nowNs) {
            for (long seq : List.copyOf(pending.keySet())) {
                Entry entry = pending.get(seq);
                if (entry == null || queue.contains(seq) || entry.dueNs > nowNs) {
                    continue;
                }
                if (exhausted(entry)) {
                    pending.remove(seq);
                } else {
                    queue.add(seq);
                }
            }
        }

        @Nullable
        Long redelivery() {
            while (!queue.isEmpty() && exhausted(entry(queue.getFirst()))) {
                pending.remove(queue.removeFirst());
            }
            return queue.isEmpty() ? null : queue.getFirst();
        }

        void redeliver(long seq, long nowNs) {
            queue.remove(seq);
            Entry entry = entry(seq);
            entry.deliveries++;
            entry.dueNs = nowNs + WAIT_NS;
            lastConsumer++;
        }

        private Entry entry(long seq) {
            return Objects.requireNonNull(pending.get(seq));
        }

        private boolean exhausted(Entry entry) {
            return deliveriesMax > 0 && entry.deliveries >= deliveriesMax;
        }

        private void floor(boolean lowestLeft) {
            if (pending.isEmpty()) {
                floorConsumer = lastConsumer;
                floorStream = lastStream;
            } else if (lowestLeft) {
                floorConsumer = pending.firstEntry().getValue().consumerSeq - 1;
                floorStream = pending.firstKey() - 1;
            }
        }
    }
}
