package io.leafd.jetstream.mirror;

import io.leafd.broker.interest.InterestListener;
import io.leafd.broker.interest.Receiver;
import io.leafd.broker.interest.Subscription;
import io.leafd.jetstream.api.AccountScope;
import io.leafd.jetstream.stream.IntakeGate;
import io.leafd.jetstream.stream.Stream;
import io.leafd.jetstream.stream.StreamOrigins;
import io.leafd.store.StoreListener;
import io.leafd.store.log.DamagedRange;
import io.leafd.store.log.StreamLog;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * The mirrors and sources of all streams of one account. Owned by the store loop.
 *
 * <p>Hears from the account's interest when an API outside, {@code $JS.<domain>.API.CONSUMER.>}, comes into reach over a leaf
 * connection and when it goes.
 */
public final class AccountOrigins implements StreamOrigins.Factory {
    private static final String API = ".API.>";
    private static final String API_CONSUMERS = ".CONSUMER.>";

    private final AccountScope scope;
    private final IntakeGate gate;
    private final IdentityHashMap<Stream, StreamCopies> byStream = new IdentityHashMap<>();
    private boolean listening;

    /** No origins yet: they come with their streams. */
    public AccountOrigins(AccountScope scope, IntakeGate gate) {
        this.scope = scope;
        this.gate = gate;
    }

    @Override
    public StreamOrigins open(Stream stream) {
        if (!listening) {
            listening = true;
            InterestListener listener = this::onInterest;
            scope.port().listen(listener);
            scope.store().listen(new StoreListener() {
                @Override
                public void onDamage(StreamLog log, DamagedRange range) {
                    byStream.forEach((stream, copies) -> {
                        if (stream.log() == log) {
                            copies.onDamage();
                        }
                    });
                }
            });
        }
        var copies = new StreamCopies(stream, gate, () -> byStream.remove(stream));
        byStream.put(stream, copies);
        scope.store().loop().control(copies::start); // once the stream is complete
        return copies;
    }

    /** Any thread. */
    private void onInterest(Subscription subscription, boolean added) {
        if (subscription.receiver().kind() != Receiver.Kind.LEAF) {
            return;
        }
        String filter = subscription.filter().toString();
        if (isApi(filter)) {
            scope.store()
                    .loop()
                    .control(() -> List.copyOf(byStream.values()).forEach(copies -> copies.onInterest(filter, added)));
        }
    }

    /** Whether it is a wildcard over requests of an API: nothing a peer has many of. */
    private static boolean isApi(String filter) {
        return filter.endsWith(API_CONSUMERS) || filter.endsWith(API);
    }
}
