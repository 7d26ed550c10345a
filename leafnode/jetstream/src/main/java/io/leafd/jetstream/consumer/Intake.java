package io.leafd.jetstream.consumer;

import io.leafd.broker.MessageHandler;
import io.leafd.broker.interest.Delivery;
import io.leafd.jetstream.api.AccountScope;
import io.leafd.jetstream.api.ApiHandler;
import io.leafd.jetstream.api.NameHash;
import io.leafd.jetstream.consumer.ack.AckSubject;
import io.leafd.jetstream.consumer.ack.AckVerb;
import io.leafd.jetstream.stream.IntakeGate;
import io.leafd.protocol.MessageView;
import io.leafd.protocol.Subject;
import io.leafd.store.loop.Work;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The subjects under which a consumer is addressed: acknowledgements, flow control answers, pull requests. Opened and closed on
 * the store loop; messages are read on event loops and queued for the store loop.
 *
 * <p>Both forms of acknowledgement and flow control subjects are taken, though only the shorter are given out. An
 * acknowledgement that finds the store loop's inbox full is dropped, and its sender paused: the message is delivered again.
 */
final class Intake {
    private static final int OVERHEAD_BYTES = 160;

    private final AccountScope scope;
    private final IntakeGate gate;
    private final Consumer consumer;
    private final String names;
    private final List<Runnable> subscriptions = new ArrayList<>();
    private @Nullable ApiHandler endpoint;

    Intake(AccountScope scope, IntakeGate gate, Consumer consumer, String stream, String name) {
        this.scope = scope;
        this.gate = gate;
        this.consumer = consumer;
        this.names = stream + "." + name;
    }

    /** What reply subjects of flow control requests begin with. */
    static String flowPrefix(String stream, String name) {
        return "$JS.FC." + stream + "." + name + ".";
    }

    /** Begins to take messages. */
    void open(boolean acks, boolean flowControl) {
        String domain = scope.domain() == null ? "_" : scope.domain();
        String longNames = domain + "." + NameHash.of(scope.account()) + "." + names;
        if (acks) {
            subscribe("$JS.ACK." + names + ".*.*.*.*.*", this::onAck);
            subscribe("$JS.ACK." + longNames + ".*.*.*.*.>", this::onAck);
        }
        if (flowControl) {
            subscribe("$JS.FC." + names + ".*", this::onFlowControl);
            subscribe("$JS.FC." + longNames + ".*", this::onFlowControl);
        }
        ApiHandler handler = request -> {
            Subject reply = request.reply();
            if (reply != null) {
                consumer.onPull(reply, request.body());
            }
        };
        scope.endpoints().put(endpointKey(), handler);
        endpoint = handler;
    }

    /** Takes no more messages. */
    void close() {
        subscriptions.forEach(Runnable::run);
        subscriptions.clear();
        if (endpoint != null) {
            scope.endpoints().remove(endpointKey(), endpoint);
            endpoint = null;
        }
    }

    private String endpointKey() {
        return "CONSUMER.MSG.NEXT." + names;
    }

    private void subscribe(String filter, MessageHandler handler) {
        subscriptions.add(scope.port().subscribe(filter, handler));
    }

    private boolean onAck(Delivery delivery) {
        MessageView view = delivery.message();
        AckSubject subject = AckSubject.parse(view.buf, view.subjectOffset, view.subjectOffset + view.subjectLength);
        if (subject == null) {
            return true;
        }
        AckVerb verb = AckVerb.parse(view.buf, view.bodyOffset + view.headerLength, view.payloadLength());
        var ack = new AckMessage(subject, verb, view.reply());
        return offer(
                () -> {
                    consumer.onAck(ack);
                    gate.relieve();
                },
                view,
                delivery);
    }

    private boolean onFlowControl(Delivery delivery) {
        MessageView view = delivery.message();
        Subject subject = view.subject();
        long consumerSeq = number(view.header(Frames.LAST_CONSUMER));
        long streamSeq = number(view.header(Frames.LAST_STREAM));
        return offer(
                () -> {
                    consumer.onFlowControl(subject, consumerSeq, streamSeq);
                    gate.relieve();
                },
                view,
                delivery);
    }

    private boolean offer(Work work, MessageView view, Delivery delivery) {
        gate.offer(work, view.bodyLength + OVERHEAD_BYTES, delivery.origin());
        return true;
    }

    private static long number(@Nullable String header) {
        try {
            return header == null ? 0 : Math.max(0, Long.parseLong(header));
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
