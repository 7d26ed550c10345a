package io.leafd.link;

import io.leafd.broker.InternalClient;
import io.leafd.broker.interest.Delivery;
import io.leafd.broker.interest.Publisher;
import io.leafd.broker.interest.Receiver;
import io.leafd.broker.interest.Subscription;
import io.leafd.broker.net.Fanout;
import io.leafd.broker.net.SubscriptionMemory;
import io.leafd.broker.net.Turn;
import io.leafd.link.budget.Meter;
import io.leafd.protocol.LeafFault;
import io.leafd.protocol.LeafFrames;
import io.leafd.protocol.LeafParser;
import io.leafd.protocol.LeafSink;
import io.leafd.protocol.MessageView;
import io.leafd.protocol.Subject;
import io.leafd.protocol.Subjects;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The protocol of one leaf connection, whoever dialled: messages and interest both ways. Owned by the connection's event
 * loop, but for {@link #deliver}, which runs on the publisher's.
 *
 * <pre>
 *   account ──deliver──▶ may it go out? ──▶ outbox ──▶ peer
 *   account ◀──fan-out── may it come in? ◀── parser ◀── peer
 *   account ──interest─▶ {@link LocalInterest} ──LS+──▶ peer
 *   account ◀──subscribe─ {@link PeerInterest} ◀──LS+── peer
 * </pre>
 *
 * <p>Until the peer has accepted, or been accepted, there is no {@link LeafBinding}; afterwards it stays, also when the
 * connection has ended, because others still ask for the roles.
 *
 * <p>Back-pressure: nobody waits for a leaf. Live messages that it cannot take any more are given up and counted; what must
 * not be lost goes by way of a stream.
 */
public abstract class LeafSession implements LeafSink, Receiver {
    private static final Logger LOG = LoggerFactory.getLogger(LeafSession.class);
    private static final byte[] LMSG = {'L', 'M', 'S', 'G', ' '};
    private static final byte[] HMSG = {'H', 'M', 'S', 'G', ' '};

    /** Live bytes that may wait for a slow link; a moment of a fast one, and not more than a box has to spare. */
    static final long LIVE_MAX_BYTES = 8L << 20;

    private static final int FRAMES_EXTRA_BYTES = 64; // operations, blanks, sizes, line ends

    /** However slow the link, so much may wait. */
    static final long LIVE_MIN_BYTES = 64L << 10;

    /** What keeps messages coming down is no larger than this: the request for a consumer, with its filters. */
    private static final int FLOW_MAX_BYTES = 8 << 10;

    private final LeafServer server;
    private final LeafWire wire;
    private final LeafTraffic traffic;
    private final Refusals refusals;
    private final Meter meter;
    private final LeafParser parser;
    private final Pings pings;
    private final Answers answers = new Answers(Answers.UNLIMITED, Answers.EXPIRY);
    private final byte[][] heads; // per loop: room for the line of one message
    private volatile @Nullable LeafBinding binding;
    private volatile @Nullable LocalInterest localInterest;
    private volatile @Nullable PeerInterest peerInterest;
    private @Nullable LostRequests lostRequests; // null without JetStream, and before it is established

    /** A session over {@code wire} that has neither heard nor said anything. */
    LeafSession(LeafServer server, LeafWire wire, LinkCounters counters, int payloadMaxBytes) {
        this.server = server;
        this.wire = wire;
        this.traffic = counters.traffic();
        this.refusals = counters.refusals();
        this.meter = counters.meter();
        this.parser = new LeafParser(payloadMaxBytes);
        this.pings = new Pings(wire, this::onStale);
        this.heads = new byte[server.context().loops().count()][256];
    }

    // --- what the connection calls ---

    /** The connection is open: the accepting side speaks first. */
    public abstract void onOpen();

    /** Parses {@code buf[start, end)} and returns where the unused rest begins. */
    public final int parse(byte[] buf, int start, int end) {
        pings.heard();
        return parser.parse(buf, start, end, this);
    }

    /** Bytes that the unfinished frame has in all, 0 if that is not known. */
    public final int wanted() {
        return parser.neededBytes();
    }

    /** The connection is gone. Called once. */
    public void onClosed(@Nullable Throwable cause) {
        pings.stop();
        LocalInterest told = localInterest;
        PeerInterest heard = peerInterest;
        if (told != null) {
            told.stop();
        }
        if (heard != null) {
            heard.clear();
        }
    }

    // --- what the kinds of session differ in ---

    /** Whether a message that has come in may be taken; false if it was refused, or the connection closed for it. */
    abstract boolean mayTake(LeafBinding now, byte[] buf, int offset, int length);

    /** Whether interest that the peer tells may be taken; false if it was refused, or the connection closed for it. */
    abstract boolean mayWant(Subject filter, @Nullable Subject queue);

    /** The first or a later frame that only an established connection may send came too early. */
    abstract void onEarlyFrame();

    /** Whether the peer is an upstream of ours, which we dialled. */
    abstract boolean isUpstream();

    /** The peer is gone without a word; the connection is closed next. */
    void onStale() {}

    // --- for the kinds of session ---

    final LeafServer server() {
        return server;
    }

    /** Bounds what the interest of both ends holds. */
    final SubscriptionMemory memory() {
        return server.context().subscriptionMemory();
    }

    final LeafWire wire() {
        return wire;
    }

    final LeafParser parser() {
        return parser;
    }

    final Pings pings() {
        return pings;
    }

    final LeafTraffic traffic() {
        return traffic;
    }

    final Refusals refusals() {
        return refusals;
    }

    /** Of what is on the wire. Any thread. */
    final Meter meter() {
        return meter;
    }

    /** What it joins; null before it is established. Any thread. */
    final @Nullable LeafBinding binding() {
        return binding;
    }

    /** Whether messages and interest flow. Any thread. */
    final boolean established() {
        return binding != null && !wire.closed();
    }

    /** Begins to exchange interest and messages. */
    final void establish(LeafBinding joined) {
        var told = new LocalInterest(this, joined, server.loopIds().of(joined.account()));
        peerInterest = new PeerInterest(joined.account(), this, memory(), isUpstream());
        localInterest = told;
        binding = joined;
        told.start();
        if (server.domainOf(joined.account()) != null && joined.peer().headers()) {
            lostRequests = new LostRequests(this, server.context().names());
            lostRequests.begin();
        }
    }

    /** Replaces the permissions of an established session. */
    final void permissions(LinkPermissions changed) {
        LeafBinding now = binding;
        LocalInterest told = localInterest;
        if (now != null && told != null) {
            binding = now.withPermissions(changed);
            refusals.clear();
            told.permissions(changed);
        }
    }

    /** What each end has told the other. Any thread. */
    final LinkStatus.Interest interest() {
        LocalInterest told = localInterest;
        PeerInterest heard = peerInterest;
        return new LinkStatus.Interest(
                told == null ? 0 : told.told(),
                told == null ? 0 : told.toldHash(),
                heard == null ? 0 : heard.size(),
                heard == null ? 0 : heard.hash());
    }

    /** Whether two leaf connections lead to one cluster, which passes messages on itself. */
    static boolean sameCluster(LeafBinding one, LeafBinding other) {
        return !one.peer().cluster().isEmpty()
                && one.peer().cluster().equals(other.peer().cluster());
    }

    // --- frames ---

    @Override
    public final boolean open() {
        return !wire.closed();
    }

    @Override
    public final void onInterest(Subject filter, @Nullable Subject queue, int weight) {
        PeerInterest heard = peerInterest;
        if (heard == null) {
            onEarlyFrame();
            return;
        }
        if (filter.startsWith(LoopIds.PREFIX) && isOwnLoopId(filter)) {
            onLoop();
            return;
        }
        if (!mayWant(filter, queue)) {
            return;
        }
        switch (heard.add(filter, queue, weight)) {
            case TAKEN -> {
                if (lostRequests != null) {
                    lostRequests.onInterest(filter);
                }
            }
            case INVALID -> wire.control(LeafFrames.error("Invalid Subscription"));
            case TOO_MANY -> {
                LOG.warn("peer tells of too much interest remote={} max={}", wire.remote(), PeerInterest.FILTERS_MAX);
                wire.control(LeafFrames.error(SubscriptionMemory.REFUSED));
            }
            case NO_ROOM -> {
                memory().refuse("peer=leaf remote=" + wire.remote());
                wire.control(LeafFrames.error(SubscriptionMemory.REFUSED));
            }
            case COVERED ->
                LOG.warn(
                        "upstream wants more than there is memory for, sending it all that may go up until the link ends; export"
                                + " less, or give leafd a larger heap, for example LEAFD_JAVA_OPTS=-Xmx128m in its environment"
                                + " remote={} filters={} held_bytes={} max_bytes={}",
                        wire.remote(),
                        heard.size(),
                        memory().heldBytes(),
                        memory().maxBytes());
        }
    }

    @Override
    public final void onNoInterest(Subject filter, @Nullable Subject queue) {
        PeerInterest heard = peerInterest;
        if (heard == null) {
            onEarlyFrame();
            return;
        }
        heard.remove(filter, queue);
        if (lostRequests != null) {
            lostRequests.onNoInterest(filter);
        }
    }

    private boolean isOwnLoopId(Subject filter) {
        LeafBinding now = binding;
        return now != null && filter.toString().equals(server.loopIds().of(now.account()));
    }

    /** The peer told us of our own interest: we are connected to ourselves. */
    void onLoop() {
        LeafBinding now = binding;
        String account = now == null ? "" : now.account().name();
        LOG.error(
                "leaf connections form a loop, closing this one account={} remote={}; let each pair of servers be joined on"
                        + " one way only",
                account,
                wire.remote());
        wire.hangUp("Loop detected for leafnode account=\"" + account + "\". Delaying attempt to reconnect for 30s");
    }

    @Override
    public final void onMessage(MessageView message, List<Subject> queues) {
        LeafBinding now = binding;
        if (now == null) {
            onEarlyFrame();
            return;
        }
        traffic.in(message.bodyLength);
        Turn turn = wire.turn();
        turn.countIn(message.bodyLength);
        if (message.bodyLength > server.context().limits().payloadMaxBytes()) {
            traffic.oversized.increment();
            return;
        }
        Subject route = message.route;
        boolean taken = route == null
                ? mayTake(now, message.buf, message.subjectOffset, message.subjectLength)
                : mayTake(now, route.bytes(), 0, route.length());
        if (!taken) {
            traffic.refused.increment();
            return;
        }
        if (message.replyLength > 0) {
            asked(now, message);
        }
        Fanout.deliverFromLeaf(turn, now.account(), message, wire, queues);
        turn.endIfMuch();
    }

    /** Whether this server may send an answer, or a request of its own, under this subject. */
    final boolean mayAnswer(Subject subject) {
        LeafBinding now = binding();
        return now != null
                && now.permissions()
                        .answerOut(subject.bytes(), 0, subject.length())
                        .allows();
    }

    /** A message that wants an answer came in. */
    void asked(LeafBinding now, MessageView message) {
        if (now.permissions().limitsAnswersOut()) {
            answers.asked(Subject.copyOf(message.buf, message.replyOffset, message.replyLength), System.nanoTime());
        }
    }

    @Override
    public void onPing() {
        wire.control(LeafFrames.pong());
    }

    @Override
    public void onPong() {
        pings.onPong();
    }

    @Override
    public final void onFault(LeafFault fault) {
        LOG.warn("peer broke the leaf protocol, closing remote={} fault={}", wire.remote(), fault);
        wire.hangUp(farewell(fault));
    }

    /** What the peer is told before its connection is closed for a fault; null for nothing. */
    @Nullable
    String farewell(LeafFault fault) {
        return fault.text().isEmpty() ? null : fault.text();
    }

    // --- deliveries ---

    @Override
    public final Kind kind() {
        return Kind.LEAF;
    }

    @Override
    public final boolean deliver(Subscription subscription, Delivery delivery) {
        LeafBinding now = binding;
        if (now == null || wire.closed() || !concerns(now, delivery.origin())) {
            return false;
        }
        MessageView message = delivery.message();
        if (!mayGo(now, message, delivery.origin())) {
            traffic.refused.increment();
            return false;
        }
        if (message.bodyLength > now.peer().payloadMaxBytes()) {
            traffic.oversized.increment();
            return false;
        }
        if (meter.usedUp(true)) {
            return deliverPastBudget(now, message, delivery);
        }
        if (wire.outbox().pendingBytes() > liveMaxBytes()) {
            traffic.overflowed.increment();
            return false;
        }
        Turn from = server.context().loops().turn(delivery.loop());
        ByteBuf out = wire.outbox().open(from, bytesMax(message, delivery));
        if (out == null) {
            return false;
        }
        write(now, message, delivery, out);
        from.countOut(message.bodyLength);
        return true;
    }

    private void write(LeafBinding now, MessageView message, Delivery delivery, ByteBuf out) {
        LocalInterest told = localInterest;
        if (told != null && message.replyLength > 0 && now.permissions().limitsAnswersIn()) {
            told.requested(message, now.permissions(), out);
        }
        write(out, message, delivery, now.peer().headers());
        traffic.out(message.bodyLength);
        if (message.replyLength > 0) {
            asks(message);
        }
    }

    /** Live messages would wait for the budget's next period: they are given up, but for what keeps messages coming down. */
    private boolean deliverPastBudget(LeafBinding now, MessageView message, Delivery delivery) {
        if (!keepsFlowing(message, delivery.origin())) {
            traffic.overflowed.increment();
            return false;
        }
        ByteBuf out = Unpooled.buffer(bytesMax(message, delivery));
        write(now, message, delivery, out);
        byte[] frames = ByteBufUtil.getBytes(out);
        wire.turn().loop().execute(() -> wire.control(frames));
        return true;
    }

    /**
     * Whether it is a small message without which nothing would come down any more: requests of this server's mirrors for their
     * consumers, answers to flow control, and acknowledgements.
     */
    private static boolean keepsFlowing(MessageView message, Publisher origin) {
        byte[] buf = message.buf;
        int offset = message.subjectOffset;
        int length = message.subjectLength;
        return message.bodyLength <= FLOW_MAX_BYTES
                && (Subjects.startsWith(buf, offset, length, "$JS.FC.")
                        || Subjects.startsWith(buf, offset, length, "$JS.ACK.")
                        || (origin instanceof InternalClient && isApiRequest(buf, offset, length)));
    }

    /** Live bytes that may wait to be sent. Any loop. */
    long liveMaxBytes() {
        return LIVE_MAX_BYTES;
    }

    /** A message that wants an answer is going out. Any loop. */
    void asks(MessageView message) {}

    /** Whether what this publisher sends concerns this peer at all: not what came from it, its cluster, or between spokes. */
    private boolean concerns(LeafBinding now, Publisher origin) {
        if (origin == wire) {
            return false;
        }
        if (!(origin instanceof LeafWire other) || other.session() == null) {
            return true;
        }
        LeafBinding theirs = other.session().binding();
        return theirs == null || (!(now.spoke() && theirs.spoke()) && !sameCluster(now, theirs));
    }

    private boolean mayGo(LeafBinding now, MessageView message, Publisher origin) {
        Subject route = message.route;
        return route == null
                ? mayGo(now, message.buf, message.subjectOffset, message.subjectLength, origin)
                : mayGo(now, route.bytes(), 0, route.length(), origin);
    }

    private boolean mayGo(LeafBinding now, byte[] buf, int offset, int length, Publisher origin) {
        LinkRule rule = now.permissions().out(buf, offset, length);
        if (rule.origin() == LinkRule.Origin.LIST && !rule.allows() && isOwed(buf, offset, length, origin)) {
            rule = now.permissions().answerOut(buf, offset, length);
        }
        if (rule.allows() || mayAnswer(rule, buf, offset, length)) {
            return true;
        }
        refusals.note(
                Refusals.Direction.OUT, Subject.copyOf(buf, offset, length).toString(), rule);
        return false;
    }

    /** Whether a message that no list names goes out because it answers one, or because this server itself asks. */
    private boolean isOwed(byte[] buf, int offset, int length, Publisher origin) {
        if (origin instanceof InternalClient && isApiRequest(buf, offset, length)) {
            return true;
        }
        return answers.use(Subject.copyOf(buf, offset, length), System.nanoTime());
    }

    /** {@code $JS.<domain>.API.…}: how mirrors and forwards talk to the JetStream at the other end. */
    private static boolean isApiRequest(byte[] buf, int offset, int length) {
        if (!Subjects.startsWith(buf, offset, length, "$JS.")) {
            return false;
        }
        int dot = offset + 4;
        while (dot < offset + length && buf[dot] != '.') {
            dot++;
        }
        return Subjects.startsWith(buf, dot, offset + length - dot, ".API.");
    }

    /** Whether a message that the peer's permissions do not name may go because it answers one of the peer's. */
    boolean mayAnswer(LinkRule rule, byte[] buf, int offset, int length) {
        return false;
    }

    /** Whether an answer on this subject is expected from the peer. */
    final boolean expectsAnswer(byte[] buf, int offset, int length) {
        LocalInterest told = localInterest;
        return told != null && told.expectsAnswer(buf, offset, length);
    }

    /** Bytes of the message's frame, and of a line in front of it that asks for its answer. */
    private static int bytesMax(MessageView message, Delivery delivery) {
        return LeafFrames.messageHeadMaxBytes(message, delivery.queues())
                + message.bodyLength
                + message.replyLength
                + FRAMES_EXTRA_BYTES;
    }

    private void write(ByteBuf out, MessageView message, Delivery delivery, boolean headers) {
        List<Subject> queues = delivery.queues();
        boolean unchanged = message.tailLength > 0
                && queues.isEmpty()
                && message.route == null
                && (headers || message.headerLength == 0);
        if (unchanged) {
            out.writeBytes(message.headerLength > 0 ? HMSG : LMSG);
            out.writeBytes(message.buf, message.subjectOffset, message.subjectLength);
            out.writeByte(' ');
            out.writeBytes(message.buf, message.tailOffset, message.tailLength);
            return;
        }
        int loop = delivery.loop();
        int room = LeafFrames.messageHeadMaxBytes(message, queues);
        if (heads[loop].length < room) {
            heads[loop] = new byte[2 * room];
        }
        int skipped = headers ? 0 : message.headerLength;
        out.writeBytes(heads[loop], 0, LeafFrames.messageHead(heads[loop], 0, message, queues, headers));
        out.writeBytes(message.buf, message.bodyOffset + skipped, message.bodyLength - skipped);
        out.writeByte('\r').writeByte('\n');
    }
}
