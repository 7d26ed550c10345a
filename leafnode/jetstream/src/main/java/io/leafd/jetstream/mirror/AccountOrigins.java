package io.leafd.jetstream.mirror;

import io.leafd.jetstream.api.AccountScope;
import io.leafd.jetstream.stream.IntakeGate;
import io.leafd.jetstream.stream.Stream;
import io.leafd.jetstream.stream.StreamOrigins;
import java.util.IdentityHashMap;
import java.util.List;

/** The mirrors and sources of all streams of one account. Owned by the store loop. */
public final class AccountOrigins implements StreamOrigins.Factory {
    private final AccountScope scope;
    private final IntakeGate gate;
    private final IdentityHashMap<Stream, StreamCopies> byStream = new IdentityHashMap<>();

    /** No origins yet: they come with their streams. */
    public AccountOrigins(AccountScope scope, IntakeGate gate) {
        this.scope = scope;
        this.gate = gate;
    }

    @Override
    public StreamOrigins open(Stream stream) {
        var copies = new StreamCopies(stream, gate, () -> byStream.remove(stream));
        byStream.put(stream, copies);
        scope.store().loop().control(copies::start); // once the stream is complete
        return copies;
    }

    /** Any thread. A link came up: what is copied over it goes on at once. */
    public void onLinkUp() {
        scope.store().loop().control(() -> List.copyOf(byStream.values()).forEach(StreamCopies::onLinkUp));
    }
}
