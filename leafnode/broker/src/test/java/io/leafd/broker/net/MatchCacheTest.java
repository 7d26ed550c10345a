package io.leafd.broker.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.broker.interest.Delivery;
import io.leafd.broker.interest.Receiver;
import io.leafd.broker.interest.Receivers;
import io.leafd.broker.interest.Sublist;
import io.leafd.broker.interest.Subscription;
import io.leafd.protocol.Subject;
import org.junit.jupiter.api.Test;

class MatchCacheTest {
    private record Client(Kind kind) implements Receiver {
        @Override
        public boolean deliver(Subscription subscription, Delivery delivery) {
            return true;
        }
    }

    private static Sublist with(Sublist sublist, String filter, int times) {
        Sublist more = sublist;
        for (int i = 0; i < times; i++) {
            more = more.with(
                    new Subscription(new Client(Receiver.Kind.CLIENT), Subject.of(filter), null, new byte[0], 1));
        }
        return more;
    }

    private static Receivers match(MatchCache cache, Sublist sublist, String subject) {
        Subject bytes = Subject.of(subject);
        return cache.match(sublist, bytes.bytes(), 0, bytes.length());
    }

    @Test
    void anAnswerIsKeptForAsLongAsTheTrieIs() {
        Sublist sublist = with(Sublist.EMPTY, "a", 1);
        var cache = new MatchCache();
        match(cache, sublist, "a");
        Receivers first = match(cache, sublist, "a");
        assertThat(match(cache, sublist, "a")).isSameAs(first);
        cache.forgetUnless(sublist);
        assertThat(match(cache, sublist, "a")).isSameAs(first);
        cache.forgetUnless(Sublist.EMPTY);
        assertThat(match(cache, sublist, "a")).isNotSameAs(first);
    }

    @Test
    void whatComesOnceIsNotKept() {
        Sublist sublist = with(Sublist.EMPTY, "*", 1);
        var cache = new MatchCache();
        Receivers first = match(cache, sublist, "a");
        assertThat(match(cache, sublist, "a")).isNotSameAs(first);
    }

    @Test
    void subjectsThatComeOncePushNobodyOut() {
        Sublist sublist = with(Sublist.EMPTY, "*", 1);
        var cache = new MatchCache();
        match(cache, sublist, "a");
        Receivers kept = match(cache, sublist, "a");
        for (int i = 0; i < 3 * MatchCache.UNITS_MAX; i++) {
            match(cache, sublist, "reply" + i);
        }
        assertThat(match(cache, sublist, "a")).isSameAs(kept);
    }

    @Test
    void asManyAsFitAreKeptWhenTheyComeAgainAndAgain() {
        Sublist sublist = with(Sublist.EMPTY, "*", 1);
        var cache = new MatchCache();
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < MatchCache.UNITS_MAX / 2; i++) {
                match(cache, sublist, "s" + i);
            }
        }
        int kept = 0;
        for (int i = 0; i < MatchCache.UNITS_MAX / 2; i++) {
            Receivers first = match(cache, sublist, "s" + i);
            kept += match(cache, sublist, "s" + i) == first ? 1 : 0;
        }
        assertThat(kept).isGreaterThan(MatchCache.UNITS_MAX / 2 * 9 / 10);
    }

    @Test
    void answersWithVeryManyReceiversAreNotKeptInNumbers() {
        Sublist sublist = with(with(Sublist.EMPTY, "*", 2_000), ">", 2_000);
        var cache = new MatchCache();
        match(cache, sublist, "s0");
        Receivers first = match(cache, sublist, "s0");
        assertThat(first.count()).isEqualTo(4_000);
        for (int i = 1; i <= MatchCache.UNITS_MAX * MatchCache.RECEIVERS_OF_UNIT / 4_000 + 1; i++) {
            match(cache, sublist, "s" + i);
            match(cache, sublist, "s" + i);
        }
        assertThat(match(cache, sublist, "s0")).isNotSameAs(first);
    }
}
