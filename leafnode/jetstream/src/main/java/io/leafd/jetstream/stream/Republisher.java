package io.leafd.jetstream.stream;

import io.leafd.jetstream.json.GoTime;
import io.leafd.protocol.Headers;
import io.leafd.protocol.Message;
import io.leafd.protocol.Subject;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Publishes again what a stream stored, for those who only listen. Owned by the store loop.
 *
 * <p>It goes to the destination that the stored subject maps to, with the headers it had and {@code Nats-Stream}, {@code
 * Nats-Subject}, {@code Nats-Sequence}, {@code Nats-Time-Stamp}, {@code Nats-Last-Sequence} (the previous message of the subject,
 * 0 if none); without payload also {@code Nats-Msg-Size}. It leaves before the publisher's acknowledgement.
 */
final class Republisher {
    private static final byte[] NOTHING = new byte[0];

    private final Stream stream;
    private final SubjectTransform transform;
    private final boolean headersOnly;

    private Republisher(Stream stream, SubjectTransform transform, boolean headersOnly) {
        this.stream = stream;
        this.transform = transform;
        this.headersOnly = headersOnly;
    }

    /** The republisher of a stream, or null if it has none. */
    static @Nullable Republisher of(Stream stream) {
        Republish republish = stream.config().get(StreamField.REPUBLISH);
        if (republish == null || republish.destination().isEmpty()) {
            return null;
        }
        SubjectTransform transform = SubjectTransform.of(
                republish.source(), republish.destination(), stream.scope().random());
        return new Republisher(stream, transform, republish.headersOnly());
    }

    /** Publishes a stored message after the commit, if its subject is wanted. */
    void publish(Message stored, long seq, long previousSeq) {
        String subject = stored.subject().toString();
        if (!transform.matches(subject)) {
            return;
        }
        byte[] headers = Headers.with(
                Arrays.copyOf(stored.body(), stored.headerLength()),
                "Nats-Stream",
                stream.name(),
                "Nats-Subject",
                subject,
                "Nats-Sequence",
                Long.toString(seq),
                "Nats-Time-Stamp",
                GoTime.text(stream.lastTimestampNs()),
                "Nats-Last-Sequence",
                Long.toString(previousSeq));
        byte[] payload = stored.payload();
        if (headersOnly) {
            headers = Headers.with(headers, "Nats-Msg-Size", Integer.toString(payload.length));
            payload = NOTHING;
        }
        stream.scope()
                .port()
                .publish(Message.withHeaders(Subject.of(transform.apply(subject)), null, headers, payload));
    }
}
