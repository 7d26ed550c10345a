package io.leafd.app.run;

import io.leafd.app.config.DeclaredStream;
import io.leafd.app.config.LeafdConfig;
import io.leafd.app.config.MirrorConfig;
import io.leafd.app.config.UpstreamConfig;
import io.leafd.app.operate.Running;
import io.leafd.jetstream.JetStream;
import io.leafd.jetstream.stream.Discard;
import io.leafd.jetstream.stream.Retention;
import io.leafd.jetstream.stream.StreamConfig;
import io.leafd.jetstream.stream.StreamField;
import io.leafd.jetstream.stream.StreamSource;
import io.leafd.store.Store;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Makes or updates the streams that the configuration declares: its own, and mirrors of upstream streams. */
final class DeclaredStreams {
    private DeclaredStreams() {}

    /**
     * Declares all of them, before the store loop starts.
     *
     * @throws IllegalArgumentException if one is refused, with the reason
     */
    static void declare(LeafdConfig config, JetStream jetStream) {
        for (DeclaredStream stream : config.streams()) {
            jetStream.declare(stream.account(), config(stream));
        }
        for (UpstreamConfig upstream : config.upstreams()) {
            for (MirrorConfig mirror : upstream.mirrors()) {
                jetStream.declare(upstream.account(), config(mirror));
            }
        }
    }

    /**
     * Declares all of them while leafd runs. Not on the store loop.
     *
     * @throws io.leafd.app.admin.AdminException if one is refused, with the reason, or the store does not answer
     */
    static void redeclare(LeafdConfig config, JetStream jetStream, Store store) {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        store.loop().control(() -> {
            try {
                declare(config, jetStream);
                done.complete(true);
            } catch (IllegalArgumentException e) {
                done.completeExceptionally(e);
            }
        });
        Running.await(done);
    }

    private static StreamConfig config(DeclaredStream stream) {
        DeclaredStream.Limits limits = stream.limits();
        DeclaredStream.Switches switches = stream.switches();
        return StreamConfig.named(stream.name())
                .with(StreamField.SUBJECTS, stream.subjects())
                .with(StreamField.DESCRIPTION, stream.description())
                .with(
                        StreamField.RETENTION,
                        Retention.valueOf(limits.retention().name()))
                .with(StreamField.DISCARD, Discard.valueOf(limits.discard().name()))
                .with(StreamField.MAX_BYTES, orUnlimited(limits.maxBytes()))
                .with(StreamField.MAX_MSGS, orUnlimited(limits.maxMsgs()))
                .with(StreamField.MAX_MSGS_PER_SUBJECT, orUnlimited(limits.maxMsgsPerSubject()))
                .with(StreamField.MAX_MSG_SIZE, orUnlimited(limits.maxMsgSizeBytes()))
                .with(
                        StreamField.MAX_AGE,
                        limits.maxAge() == null ? 0L : limits.maxAge().toNanos())
                .with(StreamField.DUPLICATE_WINDOW, stream.duplicateWindow().toNanos())
                .with(StreamField.ALLOW_DIRECT, switches.allowDirect())
                .with(StreamField.ALLOW_ROLLUP, switches.allowRollup())
                .with(StreamField.DENY_DELETE, switches.denyDelete())
                .with(StreamField.DENY_PURGE, switches.denyPurge());
    }

    private static StreamConfig config(MirrorConfig mirror) {
        String api = "$JS." + mirror.domain() + ".API";
        var origin = new StreamSource(
                mirror.stream(),
                0,
                null,
                mirror.filter() == null ? "" : mirror.filter(),
                List.of(),
                new StreamSource.External(api, ""),
                null);
        return StreamConfig.named(mirror.as())
                .with(StreamField.MIRROR, origin)
                .with(StreamField.MAX_BYTES, orUnlimited(mirror.maxBytes()))
                .with(
                        StreamField.MAX_AGE,
                        mirror.maxAge() == null ? 0L : mirror.maxAge().toNanos())
                .with(StreamField.ALLOW_DIRECT, true);
    }

    private static long orUnlimited(@Nullable Number limit) {
        return limit == null ? -1 : limit.longValue();
    }
}
