package io.leafd.jetstream.mirror;

import io.leafd.jetstream.stream.IntakeGate;
import io.leafd.jetstream.stream.Retention;
import io.leafd.jetstream.stream.Stream;
import io.leafd.jetstream.stream.StreamConfig;
import io.leafd.jetstream.stream.StreamOrigins;
import io.leafd.jetstream.stream.StreamSource;
import io.leafd.protocol.json.JsonWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The mirror or the sources of one stream. Owned by the store loop. */
final class StreamCopies implements StreamOrigins {
    private final Stream stream;
    private final IntakeGate gate;
    private final Runnable onDeleted;
    private final Map<String, Copying> sources = new LinkedHashMap<>();
    private final Map<String, SourceTarget> positions = new LinkedHashMap<>();
    private @Nullable Copying mirror;
    private @Nullable Refill refill;

    StreamCopies(Stream stream, IntakeGate gate, Runnable onDeleted) {
        this.stream = stream;
        this.gate = gate;
        this.onDeleted = onDeleted;
    }

    /** Begins to copy what the configuration asks for. */
    void start() {
        StreamSource origin = stream.config().mirror();
        awaitLost();
        if (origin != null) {
            var request = new OriginRequest(OriginRequest.Kind.MIRROR, stream.name(), origin);
            mirror = new Copying(request, new MirrorTarget(stream, origin), stream.scope(), gate);
            mirror.start();
            refill = new Refill(stream, origin, gate);
            refill.start();
        }
        stream.config().sources().forEach(this::add);
    }

    /**
     * What is lost of a mirror is at its origin. Not with other retention than limits: there a lost message may have been done with. A
     * stream with sources has sequences of its own, which no origin knows.
     */
    private void awaitLost() {
        boolean hasOriginal =
                stream.config().mirror() != null && stream.config().retention() == Retention.LIMITS;
        stream.log().awaitLost(hasOriginal);
    }

    /** Messages of this stream were met that are lost or cannot be read. */
    void onDamage() {
        if (refill != null) {
            refill.onDamage();
        }
    }

    /** Somebody outside began or ceased to listen to {@code filter}, which may be an origin's API. */
    void onInterest(String filter, boolean added) {
        if (mirror != null) {
            mirror.onInterest(filter, added);
        }
        if (refill != null) {
            refill.onInterest(filter, added);
        }
        List.copyOf(sources.values()).forEach(source -> source.onInterest(filter, added));
    }

    @Override
    public void writeInfo(JsonWriter json) {
        if (mirror != null) {
            json.name("mirror");
            mirror.writeInfo(json);
        }
        if (!sources.isEmpty()) {
            json.array("sources");
            sources.values().forEach(source -> source.writeInfo(json));
            json.end();
        }
    }

    @Override
    public void onUpdated(StreamConfig before) {
        if (mirror != null && stream.config().mirror() == null) {
            stopMirror(); // promoted: from now on a stream of its own
        }
        awaitLost();
        var wanted = new LinkedHashMap<String, StreamSource>();
        stream.config().sources().forEach(source -> wanted.put(SourceTarget.key(source), source));
        sources.entrySet().removeIf(entry -> {
            if (wanted.containsKey(entry.getKey())) {
                return false;
            }
            entry.getValue().stop();
            SourceTarget gone = positions.remove(entry.getKey());
            if (gone != null) {
                gone.forget();
            }
            return true;
        });
        wanted.forEach((key, source) -> {
            if (!sources.containsKey(key)) {
                add(source);
            }
        });
    }

    @Override
    public void onReopened() {
        stop();
        start();
    }

    @Override
    public void onDeleted() {
        stop();
        positions.values().forEach(SourceTarget::forget);
        onDeleted.run();
    }

    private void stop() {
        stopMirror();
        sources.values().forEach(Copying::stop);
        sources.clear();
    }

    private void stopMirror() {
        if (mirror != null) {
            mirror.stop();
            mirror = null;
        }
        if (refill != null) {
            refill.stop();
            refill = null;
        }
    }

    private void add(StreamSource source) {
        var request = new OriginRequest(OriginRequest.Kind.SOURCE, stream.name(), source);
        var target = new SourceTarget(stream, source);
        var copying = new Copying(request, target, stream.scope(), gate);
        positions.put(SourceTarget.key(source), target);
        sources.put(SourceTarget.key(source), copying);
        copying.start();
    }
}
