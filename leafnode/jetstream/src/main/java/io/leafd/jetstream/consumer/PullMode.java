package io.leafd.jetstream.consumer;

import io.leafd.jetstream.api.AccountScope;
import io.leafd.jetstream.api.Nuid;
import io.leafd.jetstream.consumer.config.ConsumerConfig;
import io.leafd.jetstream.consumer.pull.PullPort;
import io.leafd.jetstream.consumer.pull.PullQueue;
import io.leafd.jetstream.consumer.pull.PullRequest;
import io.leafd.jetstream.consumer.pull.PullTerms;
import io.leafd.protocol.Headers;
import io.leafd.protocol.Message;
import io.leafd.protocol.Subject;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Delivers to whoever asks. Owned by the store loop. */
final class PullMode implements Mode, PullPort {
    private final AccountScope scope;
    private final Frames frames;
    private final ConsumerEvents events;
    private final PullQueue queue;
    private @Nullable PullRequest claimed;

    PullMode(AccountScope scope, ConsumerConfig config, Frames frames, ConsumerEvents events, long nowNs) {
        this.scope = scope;
        this.frames = frames;
        this.events = events;
        this.queue = new PullQueue(PullTerms.of(config), this, nowNs);
    }

    /** The open requests. */
    PullQueue queue() {
        return queue;
    }

    @Override
    public boolean ready(long nowNs) {
        return !queue.isEmpty();
    }

    @Override
    public @Nullable Subject claim(long bytes, long pending, int ackPending, long nowNs) {
        PullRequest request = queue.claim(bytes, pending, ackPending, nowNs);
        claimed = request;
        return request == null ? null : request.reply();
    }

    @Override
    public Message dress(Message message) {
        String pin = queue.pinId();
        if (pin == null) {
            return message;
        }
        byte[] headers = Headers.with(Arrays.copyOf(message.body(), message.headerLength()), "Nats-Pin-Id", pin);
        return Message.withHeaders(message.subject(), message.reply(), headers, message.payload());
    }

    @Override
    public void sent(long bytes, long nowNs) {
        PullRequest request = claimed;
        if (request != null) {
            queue.sent(request);
            claimed = null;
        }
    }

    @Override
    public void sweep(boolean endOfData, long nowNs) {
        queue.sweep(endOfData, nowNs);
    }

    @Override
    public boolean impatient() {
        return queue.hasImpatient();
    }

    @Override
    public long dueNs(long nowNs) {
        return queue.dueNs(nowNs);
    }

    @Override
    public long idleNs(long nowNs) {
        return queue.isEmpty() ? nowNs - queue.activeAtNs() : 0;
    }

    @Override
    public void touch(long nowNs) {
        queue.touch(nowNs);
    }

    @Override
    public void update(ConsumerConfig config, long nowNs) {
        queue.terms(PullTerms.of(config));
    }

    @Override
    public void status(Subject reply, byte[] headers) {
        frames.status(reply, headers);
    }

    @Override
    public void heartbeat(Subject reply) {
        frames.heartbeat(reply, null);
    }

    @Override
    public boolean hasInterest(Subject reply) {
        return scope.port().hasInterest(reply);
    }

    @Override
    public String newPin() {
        return Nuid.next(scope.random());
    }

    @Override
    public void onPinned(String group, String pin) {
        events.pinned(group, pin);
    }

    @Override
    public void onUnpinned(String group, String reason) {
        events.unpinned(group, reason);
    }
}
