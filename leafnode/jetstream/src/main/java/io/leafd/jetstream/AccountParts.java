package io.leafd.jetstream;

import io.leafd.jetstream.api.AccountScope;
import io.leafd.jetstream.api.ApiRoutes;
import io.leafd.jetstream.stream.IntakeGate;
import io.leafd.jetstream.stream.StreamConsumers;
import io.leafd.jetstream.stream.StreamOrigins;
import io.leafd.jetstream.stream.Streams;

/** Makes what works on the streams of an account: consumers, and mirrors with sources. */
public interface AccountParts {
    /** What opens the consumers of each stream. */
    StreamConsumers.Factory consumers(AccountScope scope, IntakeGate gate);

    /** What opens the mirror or the sources of each stream. */
    StreamOrigins.Factory origins(AccountScope scope, IntakeGate gate);

    /** Adds the requests on consumers, once the streams exist. */
    void addTo(ApiRoutes routes, Streams streams, StreamConsumers.Factory consumers);
}
