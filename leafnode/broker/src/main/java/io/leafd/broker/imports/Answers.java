package io.leafd.broker.imports;

import io.leafd.broker.account.Account;
import io.leafd.broker.interest.Delivery;
import io.leafd.broker.interest.Receiver;
import io.leafd.broker.interest.Subscription;
import io.leafd.broker.net.EventLoops;
import io.leafd.broker.net.Fanout;
import io.leafd.protocol.Headers;
import io.leafd.protocol.Message;
import io.leafd.protocol.MessageView;
import io.leafd.protocol.Subject;
import io.leafd.protocol.json.JsonWriter;
import io.leafd.security.nkey.RandomNames;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The way back of one service import: whoever serves answers to a subject of his own account, {@code _R_.<import>.<request>}, and the
 * first answer goes to the subject where the requester listens in his. Any thread.
 *
 * <p>A request says which account asks, in the header {@value #ASKING}. Source: observed on nats-server 2.15.
 */
final class Answers implements Receiver {
    private static final String PREFIX = "_R_.";
    private static final String ASKING = "Nats-Request-Info";
    private static final int NAME_LENGTH = 8;
    private static final byte[] NO_SID = {};

    private final EventLoops loops;
    private final OpenRequests requests;
    private final Account exporter;
    private final Account importer;
    private final String prefix;
    private final String asking;
    private final Subscription subscription;

    Answers(EventLoops loops, OpenRequests requests, RandomNames random, AccountImport of) {
        this.loops = loops;
        this.requests = requests;
        this.exporter = of.to();
        this.importer = of.from();
        this.prefix = PREFIX + random.alphanumerics(NAME_LENGTH) + ".";
        this.asking =
                new JsonWriter().object().field("acc", importer.name()).end().toString();
        this.subscription = new Subscription(this, Subject.of(prefix + "*"), null, NO_SID, 1);
    }

    void open() {
        exporter.subscribe(subscription);
    }

    /** No answer passes any more. */
    void close() {
        exporter.unsubscribe(subscription);
    }

    /**
     * A request that wants an answer, as it is published in the exporter's account: with a reply subject there, which stands for its
     * own. Null if its own is too long.
     */
    @Nullable
    Message request(Message request, Subject asked) {
        Subject reply = requests.add(prefix, asked);
        if (reply == null) {
            return null;
        }
        byte[] headers = Headers.without(Arrays.copyOf(request.body(), request.headerLength()), ASKING);
        return Message.withHeaders(request.subject(), reply, Headers.with(headers, ASKING, asking), request.payload());
    }

    @Override
    public Kind kind() {
        return Kind.LEAF;
    }

    @Override
    public boolean deliver(Subscription mine, Delivery delivery) {
        MessageView answer = delivery.message();
        Subject route = answer.route;
        Subject asked = requests.take(route == null ? answer.subject() : route);
        if (asked == null) {
            return false; // answered already, or too late
        }
        MessageView there = Crossing.under(asked, answer.toMessage(), route);
        return Fanout.deliverAcross(loops.turn(delivery.loop()), importer, there, delivery, null) > 0;
    }
}
