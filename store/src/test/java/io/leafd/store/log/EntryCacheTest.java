package io.leafd.store.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EntryCacheTest {
    private static final int WEIGHT = 10;
    private static final int FIT = 1000;

    private final EntryCache<Entry> cache = new EntryCache<>(FIT * WEIGHT);

    private static final class Entry extends EntryCache.Node<Entry> {
        private final String name;

        Entry(String name) {
            super(name.hashCode());
            this.name = name;
        }

        @Override
        Entry self() {
            return this;
        }

        @Override
        int weightBytes() {
            return WEIGHT;
        }
    }

    /** As who looks something up does: answers whether it was there. */
    private boolean come(String name) {
        Entry there = find(name);
        if (there != null) {
            cache.used(there);
            return true;
        }
        cache.add(new Entry(name));
        return false;
    }

    private @Nullable Entry find(String name) {
        Entry entry = cache.bucket(name.hashCode());
        while (entry != null && !entry.name.equals(name)) {
            entry = entry.chain();
        }
        return entry;
    }

    private int there(String prefix, int count) {
        int there = 0;
        for (int i = 0; i < count; i++) {
            there += find(prefix + i) == null ? 0 : 1;
        }
        return there;
    }

    private void comeAll(String prefix, int count) {
        for (int i = 0; i < count; i++) {
            come(prefix + i);
        }
    }

    @Test
    void whatFitsStays() {
        comeAll("a", FIT);
        assertThat(there("a", FIT)).isEqualTo(FIT);
        assertThat(cache.size()).isEqualTo(FIT);
        assertThat(cache.bytes()).isEqualTo(FIT * WEIGHT);
    }

    @Test
    void whoComesOncePushesNobodyOut() {
        comeAll("a", FIT);
        comeAll("stranger", 5 * FIT);
        assertThat(there("a", FIT)).isGreaterThan(FIT * 9 / 10);
        assertThat(cache.bytes()).isLessThanOrEqualTo(FIT * WEIGHT);
    }

    @Test
    void whoComesAgainTakesThePlaceOfWhoWasNotUsedForLongest() {
        comeAll("old", FIT);
        for (int round = 0; round < 3; round++) {
            comeAll("old", FIT / 4);
            comeAll("new", FIT / 2);
        }
        assertThat(there("new", FIT / 2)).isGreaterThan(FIT * 4 / 10);
        assertThat(there("old", FIT / 4)).isEqualTo(FIT / 4);
    }

    @Test
    void whatIsPinnedStaysUntilItIsWritten() {
        Map<String, Entry> pinned = new HashMap<>();
        for (int i = 0; i < 2 * FIT; i++) {
            var entry = new Entry("p" + i);
            entry.pin(true);
            pinned.put(entry.name, entry);
            cache.add(entry);
        }
        pinned.forEach((name, entry) -> assertThat(find(name)).isSameAs(entry));
        pinned.values().forEach(entry -> {
            entry.pin(false);
            cache.trim();
        });
        comeAll("a", 1);
        assertThat(cache.bytes()).isLessThanOrEqualTo(FIT * WEIGHT);
    }

    @Test
    void whoHasJustComeIsThereHoweverSmallTheCache() {
        var tiny = new EntryCache<Entry>(1);
        for (int i = 0; i < 10; i++) {
            var entry = new Entry("t" + i);
            tiny.add(entry);
            assertThat(tiny.bucket(entry.hash())).isSameAs(entry);
            assertThat(tiny.size()).isLessThanOrEqualTo(2);
        }
    }

    @Test
    void whatIsRemovedIsGoneWhereverItWas() {
        comeAll("a", FIT);
        cache.remove(Objects.requireNonNull(find("a0")));
        cache.remove(Objects.requireNonNull(find("a" + (FIT - 1))));
        assertThat(there("a", FIT)).isEqualTo(FIT - 2);
        assertThat(cache.bytes()).isEqualTo((FIT - 2) * WEIGHT);
        cache.clear();
        assertThat(cache.size()).isZero();
        assertThat(cache.bytes()).isZero();
        assertThat(come("a1")).isFalse();
    }
}
