package io.leafd.link;

import io.leafd.broker.interest.InterestListener;
import io.leafd.broker.interest.Receiver;
import io.leafd.broker.interest.Receivers;
import io.leafd.broker.interest.Subscription;
import io.leafd.broker.net.SubscriptionMemory;
import io.leafd.protocol.LeafFrames;
import io.leafd.protocol.MessageView;
import io.leafd.protocol.Subject;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a peer told of the account's interest. Owned by the connection's event loop; other threads bring changes.
 *
 * <p>A change made on the loop is told at once. One made elsewhere waits in a queue that the loop empties in one task. Either
 * way it is on the wire before any message that the same thread publishes afterwards, because messages reach the
 * connection by way of the same loop's tasks.
 *
 * <p>Which subscriptions are told of depends on the roles: a spoke tells of local ones and of those of leafs that it is the
 * hub of; a hub tells of all but the peer's own, those of the peer's cluster, and to an isolated peer none of other leafs.
 * Interest in answers goes past the import list, see {@link AnswerFilters}.
 *
 * <p>What was told is kept, and counted as memory of subscriptions. Above its bound ({@link
 * io.leafd.broker.net.SubscriptionMemory#mayTell}) the peer is told of everything that may come in, instead of each plain filter: no
 * message is lost by that, more come in than are wanted, until the connection ends. Queue groups must be told one by one; a connection
 * for which there are too many is closed.
 */
final class LocalInterest implements InterestListener, InterestMap.Wire {
    private static final Logger LOG = LoggerFactory.getLogger(LocalInterest.class);
    private static final int BURST_BYTES = 64 << 10;

    /** Where parts of this server get answers and deliveries that they asked an upstream for. */
    private static final String[] INTERNAL_ANSWERS = {"_INBOX.", "$JSC.R.", "$JS.M.", "$JS.S."};

    private final LeafSession session;
    private final LeafBinding binding;
    private final String loopId;
    private final InterestMap map;
    private final AnswerFilters answers = new AnswerFilters();
    private final Queue<Change> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private @Nullable ByteArrayOutputStream burst;
    private boolean covered;
    private boolean stopped;
    private long countedBytes; // of the map, by the common memory
    private volatile int told;
    private volatile long toldHash;

    private record Change(Subscription subscription, boolean added) {}

    LocalInterest(LeafSession session, LeafBinding binding, String loopId) {
        this.session = session;
        this.binding = binding;
        this.loopId = loopId;
        this.map = new InterestMap(binding.permissions(), this);
    }

    /** Tells of all there is, before anything else, and then of every change. */
    void start() {
        var all = new ByteArrayOutputStream();
        burst = all;
        all.writeBytes(LeafFrames.interest(Subject.of(loopId), null, 1));
        binding.account().listen(this);
        drain();
        burst = null;
        session.wire().control(all.toByteArray());
        publishCounts();
    }

    /** Tells no more. */
    void stop() {
        binding.account().unlisten(this);
        stopped = true;
        map.forget();
        count();
    }

    /** What may be told has changed. */
    void permissions(LinkPermissions changed) {
        map.permissions(changed);
        count();
        publishCounts();
    }

    /** Number of filters told, the loop's own subject apart. Any thread. */
    int told() {
        return told;
    }

    /** As {@link InterestMap#hash}. Any thread. */
    long toldHash() {
        return toldHash;
    }

    /** Whether a message that came in on this subject is an answer that was asked for. Any thread. */
    boolean expectsAnswer(byte[] buf, int offset, int length) {
        return answers.matches(buf, offset, length);
    }

    /**
     * A request goes out. If the list does not let its answers in, the peer is told of the filter that awaits them, in front
     * of the request. Any loop.
     *
     * @param out the buffer that the request will be appended to
     */
    void requested(MessageView request, LinkPermissions permissions, ByteBuf out) {
        byte[] buf = request.buf;
        if (permissions.in(buf, request.replyOffset, request.replyLength).allows()
                || answers.matches(buf, request.replyOffset, request.replyLength)) {
            return;
        }
        Subject awaiting = awaiting(buf, request.replyOffset, request.replyLength);
        if (awaiting != null && permissions.advertisesAnswer(awaiting.toString()) && answers.add(awaiting)) {
            out.writeBytes(LeafFrames.interest(awaiting, null, 1));
            session.wire().turn().loop().execute(() -> {
                if (!stopped) {
                    map.changeAnswers(awaiting, 1);
                    count();
                    publishCounts();
                }
            });
        }
    }

    /** The local subscription's filter that awaits an answer on this subject, or null. */
    private @Nullable Subject awaiting(byte[] buf, int offset, int length) {
        Receivers receivers = binding.account().sublist().match(buf, offset, length);
        for (Subject candidate : AnswerFilters.candidates(buf, offset, length)) {
            if (candidate != null && listensHere(receivers, candidate)) {
                return candidate;
            }
        }
        return null;
    }

    private static boolean listensHere(Receivers receivers, Subject filter) {
        for (Subscription[] some : new Subscription[][] {receivers.plain(), receivers.leafs()}) {
            for (Subscription subscription : some) {
                if (subscription.filter().equals(filter)) {
                    return true;
                }
            }
        }
        return false;
    }

    @Override
    public void onInterest(Subscription subscription, boolean added) {
        if (!concerns(subscription)) {
            return;
        }
        if (session.wire().turn().loop().inEventLoop()) {
            apply(subscription, added);
            publishCounts();
            return;
        }
        waiting.add(new Change(subscription, added));
        if (scheduled.compareAndSet(false, true)) {
            session.wire().turn().loop().execute(() -> {
                drain();
                publishCounts();
            });
        }
    }

    private void drain() {
        scheduled.set(false);
        for (Change change = waiting.poll(); change != null; change = waiting.poll()) {
            apply(change.subscription, change.added);
        }
    }

    private void apply(Subscription subscription, boolean added) {
        if (stopped || session.wire().closed()) {
            return;
        }
        Subject filter = subscription.filter();
        Subject queue = subscription.queue();
        int delta = added ? subscription.weight() : -subscription.weight();
        if (binding.permissions().listsIn(filter.toString())) {
            if (!covered || queue != null || isLoopId(filter)) {
                map.change(filter, queue, delta);
            }
        } else if (asksItself(subscription)) {
            if (added ? answers.add(filter) : answers.remove(filter)) {
                map.changeAnswers(filter, delta);
            }
        } else if (!added && answers.contains(filter) && !stillAwaited(filter) && answers.remove(filter)) {
            map.changeAnswers(filter, -1);
        }
        count();
    }

    /** Counts what the map takes now, and makes it small if that is too much. */
    private void count() {
        long bytes = map.heapBytes();
        boolean more = bytes > countedBytes;
        session.memory().changeTold(bytes - countedBytes);
        countedBytes = bytes;
        if (!more || session.memory().mayTell()) {
            return;
        }
        if (!covered) {
            LOG.warn(
                    "more subscriptions than there is memory to tell a leaf connection of each, telling it of all that may come in"
                            + " until it ends; import less, or give leafd a larger heap, for example LEAFD_JAVA_OPTS=-Xmx128m in"
                            + " its environment remote={} filters={}",
                    session.wire().remote(),
                    map.size());
            covered = true;
            map.cover(LocalInterest::isLoopId);
            count();
        } else if (!session.memory().hasReserve()) {
            LOG.warn(
                    "more queue groups than there is memory to tell a leaf connection of, closing it; give leafd a larger heap, for"
                            + " example LEAFD_JAVA_OPTS=-Xmx128m in its environment remote={} filters={}",
                    session.wire().remote(),
                    map.size());
            session.wire().hangUp(SubscriptionMemory.REFUSED);
        }
    }

    private static boolean isLoopId(Subject filter) {
        return filter.startsWith(LoopIds.PREFIX);
    }

    private boolean stillAwaited(Subject filter) {
        byte[] example = filter.bytes().clone();
        if (example[example.length - 1] == '>' || example[example.length - 1] == '*') {
            example[example.length - 1] = 'x';
        }
        return listensHere(binding.account().sublist().match(example, 0, example.length), filter);
    }

    private static boolean asksItself(Subscription subscription) {
        if (subscription.receiver().kind() != Receiver.Kind.INTERNAL || subscription.queue() != null) {
            return false;
        }
        for (String prefix : INTERNAL_ANSWERS) {
            if (subscription.filter().startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }

    /** Whether this peer is to be told of a subscription, by the roles of all concerned. */
    private boolean concerns(Subscription subscription) {
        Receiver receiver = subscription.receiver();
        if (receiver == session) {
            return false;
        }
        if (!(receiver instanceof LeafSession other)) {
            return answers.contains(subscription.filter())
                    || asksItself(subscription)
                    || binding.permissions().listsIn(subscription.filter().toString());
        }
        LeafBinding theirs = other.binding();
        if (theirs == null || (binding.spoke() && theirs.spoke())) {
            return false;
        }
        if (isLoopId(subscription.filter())) {
            return true;
        }
        return !(binding.peer().isolated() && !binding.spoke()) && !LeafSession.sameCluster(binding, theirs);
    }

    @Override
    public void interest(Subject filter, @Nullable Subject queue, int weight) {
        send(LeafFrames.interest(filter, queue, weight));
    }

    @Override
    public void noInterest(Subject filter, @Nullable Subject queue) {
        send(LeafFrames.noInterest(filter, queue));
    }

    private void send(byte[] line) {
        if (burst != null) {
            burst.writeBytes(line);
            if (burst.size() > BURST_BYTES) {
                session.wire().control(burst.toByteArray());
                burst.reset();
            }
        } else {
            session.wire().control(line);
        }
    }

    private void publishCounts() {
        if (burst == null) {
            told = map.size();
            toldHash = map.hash();
        }
    }
}
