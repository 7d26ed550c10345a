package io.leafd.jetstream.mirror;

import io.leafd.jetstream.stream.StreamSource;
import io.leafd.jetstream.stream.SubjectMapping;
import io.leafd.jetstream.stream.SubjectTransform;
import io.leafd.protocol.Message;
import io.leafd.protocol.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** What the subjects of an origin become in the copy. Owned by the store loop. */
final class Renaming {
    private final List<SubjectTransform> transforms = new ArrayList<>();

    Renaming(StreamSource source, RandomGenerator random) {
        for (SubjectMapping mapping : source.transforms()) {
            if (!mapping.destination().isEmpty()) {
                String from = mapping.source().isEmpty() ? ">" : mapping.source();
                transforms.add(SubjectTransform.of(from, mapping.destination(), random));
            }
        }
    }

    /** The message as a mirror keeps it: without what its origin put in, under its subject in the copy. */
    Message mirrored(Message delivered) {
        Message message = OriginFrame.withoutOriginsOwn(delivered);
        return message.withSubject(apply(message.subject()));
    }

    /** The subject in the copy; the same if nothing is to be changed. */
    Subject apply(Subject subject) {
        if (transforms.isEmpty()) {
            return subject;
        }
        String text = subject.toString();
        for (SubjectTransform transform : transforms) {
            if (transform.matches(text)) {
                return Subject.of(transform.apply(text));
            }
        }
        return subject;
    }
}
