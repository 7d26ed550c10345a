package io.leafd.jetstream.consumer;

import io.leafd.jetstream.consumer.config.ConsumerConfig;
import io.leafd.jetstream.consumer.config.DeliverPolicy;
import io.leafd.jetstream.json.GoTime;
import io.leafd.jetstream.stream.StreamConfig;
import io.leafd.jetstream.stream.StreamField;
import io.leafd.store.log.DamagedRange;
import io.leafd.store.log.LogFilter;
import io.leafd.store.log.StoredMessage;
import io.leafd.store.log.StreamLog;
import java.time.Instant;

/** Where a new consumer begins. On the store loop. Source: observed on nats-server 2.15. */
final class StartPosition {
    private StartPosition() {}

    /** The first sequence that the consumer considers: never below the stream's first, beyond its end only if named. */
    static long of(ConsumerConfig config, StreamLog log, LogFilter filter) {
        long seq = switch (config.get(ConsumerConfig.DELIVER_POLICY)) {
            case ALL -> log.firstSeq();
            case LAST -> last(log, filter);
            case LAST_PER_SUBJECT -> firstOfLast(log, filter);
            case NEW -> log.lastSeq() + 1;
            case BY_START_SEQUENCE -> config.get(ConsumerConfig.START_SEQ);
            case BY_START_TIME -> {
                Instant time = config.get(ConsumerConfig.START_TIME);
                yield time == null ? log.firstSeq() : log.seqAtTime(GoTime.epochNs(time));
            }
        };
        boolean named = config.get(ConsumerConfig.DELIVER_POLICY) == DeliverPolicy.BY_START_SEQUENCE;
        long bounded = named ? seq : Math.min(seq, log.lastSeq() + 1);
        return Math.max(bounded, log.firstSeq());
    }

    /** Whether only the last message of each subject is wanted of what is stored; not if the stream holds no others. */
    static boolean isLastPerSubject(ConsumerConfig config, StreamConfig stream) {
        return config.get(ConsumerConfig.DELIVER_POLICY) == DeliverPolicy.LAST_PER_SUBJECT
                && stream.get(StreamField.MAX_MSGS_PER_SUBJECT) != 1;
    }

    private static long last(StreamLog log, LogFilter filter) {
        if (filter.all()) {
            return log.lastSeq();
        }
        return switch (log.last(filter)) {
            case null -> 0;
            case StoredMessage message -> message.seq();
            case DamagedRange damage -> damage.firstSeq();
        };
    }

    private static long firstOfLast(StreamLog log, LogFilter filter) {
        long[] seqs = log.lastPerSubject(filter, log.lastSeq(), Feed.LAST_SEQS_MAX);
        if (seqs.length > Feed.LAST_SEQS_MAX) {
            return log.firstSeq(); // too many to look at: reading sorts them out
        }
        return seqs.length == 0 ? log.lastSeq() : seqs[0];
    }
}
