package io.leafd.jetstream.consumer.ack;

import java.util.ArrayList;
import java.util.List;

/** Writes down what an {@link AckState} reports. */
final class AckLog implements AckListener {
    final List<String> events = new ArrayList<>();

    @Override
    public void onPending(PendingMessage message) {
        events.add("pending " + message.streamSeq() + " x" + message.deliveries());
    }

    @Override
    public void onReleased(long streamSeq) {
        events.add("released " + streamSeq);
    }

    @Override
    public void onExhausted(PendingMessage message) {
        events.add("exhausted " + message.streamSeq() + " x" + message.deliveries());
    }

    @Override
    public void onForgotten(long streamSeq) {
        events.add("forgotten " + streamSeq);
    }

    List<String> take() {
        var taken = List.copyOf(events);
        events.clear();
        return taken;
    }
}
