package io.leafd.link.forward;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class MessageIdsTest {
    private final Random random = new Random(7);

    @Test
    void aMessageKeepsItsIdOverRestarts() {
        MessageIds first = started(new TreeMap<>(), 0);
        String id = first.of(5);
        MessageIds second = started(new TreeMap<>(first.runs()), 9);
        assertThat(second.of(5)).isEqualTo(id);
        assertThat(second.seqOf(id)).isEqualTo(5);
    }

    @Test
    void sequencesGivenTwiceHaveTwoIds() {
        MessageIds first = started(new TreeMap<>(), 0);
        MessageIds second = started(new TreeMap<>(first.runs()), 9);
        MessageIds third = started(new TreeMap<>(second.runs()), 4); // 5 to 9 were lost
        assertThat(third.of(7)).isNotEqualTo(second.of(7));
        assertThat(third.seqOf(second.of(7))).isZero();
        assertThat(third.of(4)).isEqualTo(second.of(4));
    }

    @Test
    void idsOfOthersAreNotOurs() {
        MessageIds ids = started(new TreeMap<>(), 0);
        assertThat(ids.seqOf(null)).isZero();
        assertThat(ids.seqOf("mine-17")).isZero();
        assertThat(ids.seqOf("other/f.aaaaa/5")).isZero();
        assertThat(ids.seqOf("site/f.aaaaa/x")).isZero();
        assertThat(ids.seqOf("site/f.aaaaa/5")).isZero();
    }

    @Test
    void runsOfConfirmedMessagesAreForgotten() {
        MessageIds ids = started(new TreeMap<>(), 0);
        for (int lastSeq = 10; lastSeq <= 50; lastSeq += 10) {
            ids.begin(lastSeq, random);
        }
        String kept = ids.of(45);
        ids.forget(44);
        assertThat(ids.runs()).hasSize(2);
        assertThat(ids.of(45)).isEqualTo(kept);
        ids.forget(1_000);
        assertThat(ids.runs()).hasSize(1);
    }

    @Test
    void runsAreBounded() {
        MessageIds ids = started(new TreeMap<>(), 0);
        for (int lastSeq = 1; lastSeq <= 3 * MessageIds.RUNS_MAX; lastSeq++) {
            ids.begin(lastSeq, random);
        }
        assertThat(ids.runs()).hasSize(MessageIds.RUNS_MAX);
        assertThat(ids.seqOf(ids.of(1))).isEqualTo(1);
    }

    private MessageIds started(NavigableMap<Long, String> runs, long lastSeq) {
        var ids = new MessageIds("site", "f", runs);
        ids.begin(lastSeq, random);
        return ids;
    }
}
