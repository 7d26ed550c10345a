package io.leafd.link;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What permissions kept from crossing a link, told to the log once for each subject and rule. Any thread.
 *
 * <p>Only refusals that the box owner may not have meant: the lists of this server's own configuration are meant, and
 * JetStream's border is the same everywhere. Bound: {@value #REMEMBERED_MAX} refusals; later ones are only counted.
 */
final class Refusals {
    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);
    private static final int REMEMBERED_MAX = 256;
    private static final Key OTHERS = new Key(Direction.OUT, "(others)", "");

    private final String link;
    private final ConcurrentHashMap<Key, AtomicLong> counts = new ConcurrentHashMap<>();

    /** Which way, or that it was about interest. */
    enum Direction {
        OUT,
        IN,
        INTEREST
    }

    private record Key(Direction direction, String subject, String rule) {}

    /** No refusals of this link yet. */
    Refusals(String link) {
        this.link = link;
    }

    /** Something was refused. */
    void note(Direction direction, String subject, LinkRule rule) {
        if (rule.origin() != LinkRule.Origin.PEER && rule.origin() != LinkRule.Origin.REFUSED) {
            return;
        }
        var key = new Key(direction, subject, rule.text());
        AtomicLong known = counts.get(key);
        if (known != null) {
            known.incrementAndGet();
            return;
        }
        if (counts.size() >= REMEMBERED_MAX) {
            counts.computeIfAbsent(OTHERS, k -> new AtomicLong()).incrementAndGet();
            return;
        }
        if (counts.computeIfAbsent(key, k -> new AtomicLong()).getAndIncrement() == 0) {
            LOG.warn(
                    "subject may not cross link={} direction={} subject={} rule=\"{}\"",
                    link,
                    direction,
                    subject,
                    rule.text());
        }
    }

    /** Forgets all: the permissions have changed. */
    void clear() {
        counts.clear();
    }

    /** All that is remembered, most frequent first. */
    List<LinkStatus.RefusedSubject> snapshot() {
        List<LinkStatus.RefusedSubject> all = new ArrayList<>();
        counts.forEach((key, count) -> all.add(new LinkStatus.RefusedSubject(
                key.direction.name().toLowerCase(java.util.Locale.ROOT), key.subject, key.rule, count.get())));
        all.sort(Comparator.comparingLong(LinkStatus.RefusedSubject::count).reversed());
        return all;
    }
}
