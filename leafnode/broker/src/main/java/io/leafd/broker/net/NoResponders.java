package io.leafd.broker.net;

import io.leafd.broker.interest.Subscription;
import io.leafd.protocol.Headers;
import io.leafd.protocol.Message;
import io.leafd.protocol.MessageView;
import io.leafd.protocol.Subject;

/** The answer to a request that nobody takes. Pure code on the requester's event loop. */
final class NoResponders {
    private NoResponders() {}

    /** The answer to the reply subject of {@code request}. */
    static Message message(MessageView request) {
        Subject reply = Subject.copyOf(request.buf, request.replyOffset, request.replyLength);
        byte[] headers =
                Headers.status(503, "", "Nats-Subject", request.subject().toString());
        return Message.withHeaders(reply, null, headers, new byte[0]);
    }

    /** Gives the answer to one of the requester's own subscriptions. */
    static void answer(Turn turn, MessageView request, Subscription subscription) {
        var view = new MessageView();
        view.set(message(request), null);
        subscription.receiver().deliver(subscription, turn.delivery().start(view, Publishers.NOBODY));
    }
}
