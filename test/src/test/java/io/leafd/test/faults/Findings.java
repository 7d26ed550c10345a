package io.leafd.test.faults;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What all books of a {@link Workload} say together. Immutable but for the consumer's book.
 *
 * @param stream the stream's messages
 * @param keys one sentence for each wrong key
 * @param acks the consumer's book
 * @param skipped messages that the consumer was never given
 * @param forwarded the messages at the hub; null if there is none
 */
record Findings(
        Verdict stream,
        List<String> keys,
        AckBook acks,
        List<MessageId> skipped,
        @Nullable Verdict forwarded) {

    /** All that is wrong; empty if nothing is. */
    List<String> problems() {
        var problems = new ArrayList<>(keys);
        if (!stream.clean()) {
            problems.add("stream: " + stream);
        }
        if (!skipped.isEmpty()) {
            problems.add("the consumer was never given " + skipped);
        }
        if (!acks.forgotten().isEmpty()) {
            problems.add("confirmed acknowledgements were forgotten: " + acks);
        }
        if (forwarded != null && !forwarded.clean()) {
            problems.add("at the hub: " + forwarded);
        }
        return problems;
    }

    @Override
    public String toString() {
        return "stream {%s} wrong keys=%d consumer {%s skipped=%d}%s"
                .formatted(
                        stream, keys.size(), acks, skipped.size(), forwarded == null ? "" : " hub {" + forwarded + "}");
    }
}
