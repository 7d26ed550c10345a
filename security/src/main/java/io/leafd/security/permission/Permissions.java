package io.leafd.security.permission;

import io.leafd.security.SecurityConfigException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one user may publish, subscribe to and receive. Immutable; any thread.
 *
 * <p>The rules, as observed on nats-server 2.15:
 *
 * <ol>
 *   <li>An empty allow list allows everything. Deny wins over allow.
 *   <li>A publication is judged by its subject as text. A subject with an empty token matches no entry.
 *   <li>A subscription needs an allow entry that contains it whole. It is refused if a deny entry contains it whole. If it is
 *       wider than a deny entry or merely crosses one, it stands and each delivery is judged: {@link #filtersDeliveries}.
 *   <li>Entries {@code "subject queue"} are about queue groups. If such allow entries contain the subscription, its group
 *       must be named by one of them; a plain entry then helps only plain subscriptions. Such deny entries refuse the groups
 *       they name; a plain deny entry refuses every group.
 *   <li>With {@code allow_responses} an empty publish allow list means nothing but answers ({@link ReplyGrants}).
 * </ol>
 *
 * <p>In one case this is stricter: nats-server takes the token {@code >} of a subscription for one that {@code *} matches, so
 * that a user allowed {@code foo.*} may subscribe {@code foo.>} and receive {@code foo.a.b}. Here that is refused by rule 3.
 *
 * <p>Cost: one walk over the subject and, for each entry, over as much of it as matches. No allocation in the methods that
 * take bytes. Owners of a connection may still remember the answer for the last few subjects.
 */
public final class Permissions {
    /** Everything is allowed. */
    public static final Permissions ALL = of(SubjectRules.NONE, SubjectRules.NONE, null);

    private final SubjectRules publish;
    private final SubjectRules subscribe;
    private final @Nullable ResponseLimit responses;
    private final RuleList publishAllow;
    private final RuleList publishDeny;
    private final RuleList subscribeAllow;
    private final RuleList subscribeDeny;

    private Permissions(SubjectRules publish, SubjectRules subscribe, @Nullable ResponseLimit responses) {
        this.publish = publish;
        this.subscribe = subscribe;
        this.responses = responses;
        this.publishAllow = RuleList.ofSubjects(publish.allow());
        this.publishDeny = RuleList.ofSubjects(publish.deny());
        this.subscribeAllow = RuleList.ofSubjectsAndQueues(subscribe.allow());
        this.subscribeDeny = RuleList.ofSubjectsAndQueues(subscribe.deny());
    }

    /**
     * Compiles the rules.
     *
     * @param responses {@code allow_responses}, or null for none
     * @throws SecurityConfigException if an entry is no valid subject; it names the entry
     */
    public static Permissions of(SubjectRules publish, SubjectRules subscribe, @Nullable ResponseLimit responses) {
        return new Permissions(publish, subscribe, responses);
    }

    /** Whether this can be an entry of the rules: a subject, or for a subscription a subject and a queue. */
    public static boolean isRule(String entry, boolean subscription) {
        try {
            if (subscription) {
                RuleList.ofSubjectsAndQueues(List.of(entry));
            } else {
                RuleList.ofSubjects(List.of(entry));
            }
            return true;
        } catch (SecurityConfigException e) {
            return false;
        }
    }

    /** The publish rules as given. */
    public SubjectRules publish() {
        return publish;
    }

    /** The subscribe rules as given. */
    public SubjectRules subscribe() {
        return subscribe;
    }

    /** {@code allow_responses}, or null if answers have no rule of their own. */
    public @Nullable ResponseLimit responses() {
        return responses;
    }

    /** Whether nothing is restricted, so that callers may skip every other question. */
    public boolean unrestricted() {
        return publishesAll() && subscribesAll();
    }

    private boolean publishesAll() {
        return publishAllow.isEmpty() && publishDeny.isEmpty() && responses == null;
    }

    private boolean subscribesAll() {
        return subscribeAllow.isEmpty() && subscribeDeny.isEmpty();
    }

    /**
     * Whether a message to the subject may be published, apart from {@link ReplyGrants}.
     *
     * @param buffer holds the subject from {@code from} to before {@code to}; not kept
     */
    public boolean mayPublish(byte[] buffer, int from, int to) {
        if (publishesAll()) {
            return true;
        }
        boolean wellFormed = SubjectPattern.wellFormed(buffer, from, to);
        boolean allowed =
                publishAllow.isEmpty() ? responses == null : wellFormed && publishAllow.matches(buffer, from, to);
        return allowed && !(wellFormed && publishDeny.matches(buffer, from, to));
    }

    /** As {@link #mayPublish(byte[], int, int)}, for callers that hold text. */
    public boolean mayPublish(String subject) {
        byte[] bytes = subject.getBytes(StandardCharsets.UTF_8);
        return mayPublish(bytes, 0, bytes.length);
    }

    /**
     * Whether a client may make the subscription. One that is no valid subject is refused.
     *
     * @param queue the queue group, or null for a plain subscription
     */
    public boolean maySubscribe(String pattern, @Nullable String queue) {
        if (subscribesAll()) {
            return true;
        }
        SubjectPattern subscription = compile(pattern);
        return subscription != null && allows(subscription, group(queue)) && !denies(subscription, group(queue));
    }

    private boolean allows(SubjectPattern subscription, byte @Nullable [] group) {
        if (subscribeAllow.isEmpty()) {
            return true;
        }
        if (group != null && subscribeAllow.limitsGroups(subscription)) {
            return subscribeAllow.namesGroup(subscription, group);
        }
        return subscribeAllow.contains(subscription);
    }

    private boolean denies(SubjectPattern subscription, byte @Nullable [] group) {
        return subscribeDeny.contains(subscription) || (group != null && subscribeDeny.namesGroup(subscription, group));
    }

    /**
     * As {@link #maySubscribe} for a subscription that a leaf node asks for on behalf of others: if it has a wildcard, an
     * allow entry that lies within it is enough, and every delivery is judged.
     */
    boolean mayLeafSubscribe(String pattern, @Nullable String queue) {
        if (subscribesAll()) {
            return true;
        }
        SubjectPattern subscription = compile(pattern);
        if (subscription == null || denies(subscription, group(queue))) {
            return false;
        }
        return allows(subscription, group(queue))
                || (subscription.wildcard() && subscribeAllow.liesWithin(subscription));
    }

    /**
     * Whether a subscription that {@link #maySubscribe} permits may attract messages that the user must not see, so that
     * {@link #mayDeliver} has to be asked for each.
     */
    public boolean filtersDeliveries(String pattern, @Nullable String queue) {
        if (subscribeDeny.isEmpty()) {
            return false;
        }
        SubjectPattern subscription = compile(pattern);
        return subscription != null && subscription.wildcard() && subscribeDeny.overlaps(subscription, group(queue));
    }

    /**
     * Whether a message may be delivered to a subscription of the user.
     *
     * @param buffer holds the subject from {@code from} to before {@code to}; not kept
     * @param queue the group for which this delivery was chosen, or null
     */
    public boolean mayDeliver(byte[] buffer, int from, int to, @Nullable String queue) {
        if (subscribesAll()) {
            return true;
        }
        if (!SubjectPattern.wellFormed(buffer, from, to)) {
            return subscribeAllow.isEmpty();
        }
        boolean groups = subscribeAllow.hasQueueRules() || subscribeDeny.hasQueueRules();
        byte[] group = groups ? group(queue) : null;
        return (subscribeAllow.isEmpty() || subscribeAllow.matches(buffer, from, to, group))
                && !subscribeDeny.matches(buffer, from, to, group);
    }

    /** As {@link #mayDeliver(byte[], int, int, String)}, for callers that hold text. */
    public boolean mayDeliver(String subject, @Nullable String queue) {
        byte[] bytes = subject.getBytes(StandardCharsets.UTF_8);
        return mayDeliver(bytes, 0, bytes.length, queue);
    }

    private static @Nullable SubjectPattern compile(String pattern) {
        return SubjectPattern.valid(pattern.getBytes(StandardCharsets.UTF_8)) ? SubjectPattern.of(pattern) : null;
    }

    private static byte @Nullable [] group(@Nullable String queue) {
        return queue == null ? null : queue.getBytes(StandardCharsets.UTF_8);
    }
}
