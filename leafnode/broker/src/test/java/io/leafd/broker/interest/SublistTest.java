package io.leafd.broker.interest;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.protocol.Subject;
import io.leafd.protocol.Subjects;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class SublistTest {
    private record Named(Receiver.Kind kind) implements Receiver {
        @Override
        public boolean deliver(Subscription subscription, Delivery delivery) {
            return true;
        }
    }

    private static final List<Receiver.Kind> KINDS = List.of(Receiver.Kind.values());
    private static final Receiver CLIENT = new Named(Receiver.Kind.CLIENT);

    private static Subscription plain(String filter) {
        return new Subscription(CLIENT, Subject.of(filter), null);
    }

    private static Receivers match(Sublist sublist, String subject) {
        return sublist.match(Subject.of(subject));
    }

    @Test
    void wildcardsAndLiteralsAreFound() {
        Subscription literal = plain("a.b");
        Subscription any = plain("a.*");
        Subscription rest = plain("a.>");
        Subscription all = plain(">");
        Sublist sublist = Sublist.EMPTY.with(literal).with(any).with(rest).with(all);

        assertThat(match(sublist, "a.b").plain()).containsExactlyInAnyOrder(literal, any, rest, all);
        assertThat(match(sublist, "a.b.c").plain()).containsExactlyInAnyOrder(rest, all);
        assertThat(match(sublist, "a").plain()).containsExactly(all);
    }

    @Test
    void aSubjectWithAnEmptyTokenMatchesNothing() {
        Sublist sublist = Sublist.EMPTY.with(plain(">")).with(plain("a.*"));
        assertThat(match(sublist, "a..b")).isSameAs(Receivers.NONE);
        assertThat(match(sublist, "a.")).isSameAs(Receivers.NONE);
        assertThat(match(sublist, "")).isSameAs(Receivers.NONE);
    }

    @Test
    void nobodyIsInterestedInASubjectWithAnEmptyToken() {
        Sublist sublist = Sublist.EMPTY.with(plain(">"));
        assertThat(sublist.matches(Subject.of("a.b"))).isTrue();
        assertThat(sublist.matches(Subject.of("a..b"))).isFalse();
        assertThat(Sublist.EMPTY.matches(Subject.of("a"))).isFalse();
    }

    @Test
    void subjectsOfOnePlaceShareTheirReceivers() {
        Sublist sublist = Sublist.EMPTY.with(plain("ack.*.*")).with(plain("ack.*.*"));
        assertThat(match(sublist, "ack.1.1")).isSameAs(match(sublist, "ack.2.7"));
    }

    @Test
    void publishedWildcardsAreText() {
        Sublist sublist = Sublist.EMPTY.with(plain("w.*")).with(plain("w.x"));
        assertThat(match(sublist, "w.>").plain()).hasSize(1);
        assertThat(match(sublist, "w.*").plain()).hasSize(1);
    }

    @Test
    void aSnapshotIsNotChangedByLaterChanges() {
        Subscription one = plain("a");
        Sublist before = Sublist.EMPTY.with(one);
        Sublist after = before.with(plain("a")).without(one);
        assertThat(match(before, "a").plain()).containsExactly(one);
        assertThat(match(after, "a").plain()).hasSize(1).doesNotContain(one);
    }

    @Test
    void removingWhatIsNotThereGivesTheSameTrie() {
        Sublist sublist = Sublist.EMPTY.with(plain("a.b"));
        assertThat(sublist.without(plain("a.b"))).isSameAs(sublist);
        assertThat(sublist.without(plain("x.*.>"))).isSameAs(sublist);
    }

    @Test
    void groupsKeepLocalMembersAndLeafsApart() {
        Receiver leaf = new Named(Receiver.Kind.LEAF);
        var local = new Subscription(CLIENT, Subject.of("q.x"), Subject.of("g"));
        var far = new Subscription(leaf, Subject.of("q.*"), Subject.of("g"), new byte[0], 3);
        Sublist sublist = Sublist.EMPTY.with(local).with(far);
        Receivers receivers = match(sublist, "q.x");
        assertThat(receivers.groups()).hasSize(1);
        assertThat(receivers.groups()[0].local()).containsExactly(local);
        assertThat(receivers.groups()[0].leafs()).containsExactly(far);
        assertThat(receivers.plain()).isEmpty();
    }

    @Test
    void aLeafCountsOnceHoweverManyOfItsFiltersMatch() {
        Receiver leaf = new Named(Receiver.Kind.LEAF);
        Sublist sublist = Sublist.EMPTY
                .with(new Subscription(leaf, Subject.of("a.*"), null))
                .with(new Subscription(leaf, Subject.of("a.>"), null));
        assertThat(match(sublist, "a.b").leafs()).hasSize(1);
    }

    @Test
    void itAgreesWithANaiveMatcherWhateverWasAddedAndRemoved() {
        var random = new Random(3);
        Sublist sublist = Sublist.EMPTY;
        List<Subscription> model = new ArrayList<>();
        for (int step = 0; step < 20_000; step++) {
            if (model.size() > 200 || (!model.isEmpty() && random.nextInt(3) == 0)) {
                Subscription gone = model.remove(random.nextInt(model.size()));
                sublist = sublist.without(gone);
            } else {
                Subscription added = plain(filter(random));
                model.add(added);
                sublist = sublist.with(added);
            }
            String subject = literal(random);
            Set<Subscription> expected = new HashSet<>();
            for (Subscription s : model) {
                if (Subjects.matches(s.filter().toString(), subject)) {
                    expected.add(s);
                }
            }
            assertThat(Set.copyOf(Arrays.asList(match(sublist, subject).plain())))
                    .isEqualTo(expected);
            assertThat(sublist.matches(Subject.of(subject))).isEqualTo(!expected.isEmpty());
            assertThat(sublist.size()).isEqualTo(model.size());
        }
        Set<Subscription> visited = new HashSet<>();
        sublist.forEach(visited::add);
        assertThat(visited).isEqualTo(Set.copyOf(model));
        for (Subscription s : model) {
            sublist = sublist.without(s);
        }
        assertThat(match(sublist, "a")).isSameAs(Receivers.NONE);
    }

    @Test
    void itKnowsWhatItTakesWhateverWasAddedAndRemoved() {
        var random = new Random(11);
        Sublist sublist = Sublist.EMPTY;
        List<Subscription> model = new ArrayList<>();
        for (int step = 0; step < 5_000; step++) {
            if (model.size() > 150 || (!model.isEmpty() && random.nextInt(3) == 0)) {
                sublist = sublist.without(model.remove(random.nextInt(model.size())));
            } else {
                Subscription added = new Subscription(
                        new Named(KINDS.get(random.nextInt(KINDS.size()))),
                        Subject.of(filter(random)),
                        random.nextInt(4) == 0 ? Subject.of("q" + random.nextInt(2)) : null,
                        new byte[random.nextInt(8)],
                        1);
                model.add(random.nextBoolean() ? added : added.lean());
                sublist = sublist.with(added);
            }
            sublist.match(Subject.of(literal(random)));
            assertThat(sublist.heapBytes()).isEqualTo(SublistSize.of(sublist, model));
        }
        Collections.shuffle(model, random);
        Sublist again = Sublist.EMPTY;
        for (Subscription s : model) {
            again = again.with(s);
        }
        assertThat(again.heapBytes()).isEqualTo(sublist.heapBytes());
        for (Subscription s : model) {
            sublist = sublist.without(s);
        }
        assertThat(sublist.heapBytes()).isZero();
        assertThat(sublist.size()).isZero();
    }

    @Test
    void aFilterOfVeryManyTokensNeedsNoDeepStack() throws InterruptedException {
        String deep = "a.".repeat(2_000);
        var failure = new AtomicReference<Throwable>();
        Thread small = new Thread(
                null,
                () -> {
                    Subscription b = plain(deep + "b");
                    Sublist sublist = Sublist.EMPTY.with(b).with(plain(deep + "c"));
                    assertThat(match(sublist, deep + "b").plain()).containsExactly(b);
                    var visited = new AtomicInteger();
                    sublist.forEach(s -> visited.incrementAndGet());
                    assertThat(visited).hasValue(2);
                    assertThat(sublist.without(b).heapBytes()).isPositive();
                },
                "small stack",
                256 * 1024);
        small.setUncaughtExceptionHandler((thread, thrown) -> failure.set(thrown));
        small.start();
        small.join();
        assertThat(failure.get()).isNull();
    }

    @Test
    void veryManySubscriptionsOfOneFilterAreAddedAndRemoved() {
        List<Subscription> all = new ArrayList<>();
        Sublist sublist = Sublist.EMPTY;
        for (int i = 0; i < 50_000; i++) {
            var s = new Subscription(
                    CLIENT, Subject.of("the.same"), null, Integer.toString(i).getBytes(US_ASCII), 1);
            all.add(s);
            sublist = sublist.with(s);
        }
        assertThat(match(sublist, "the.same").plain()).hasSize(all.size());
        for (Subscription s : all) {
            sublist = sublist.without(s);
        }
        assertThat(sublist.size()).isZero();
        assertThat(sublist.heapBytes()).isZero();
    }

    @Test
    void aWideNodeHoldsManyTokens() {
        Sublist sublist = Sublist.EMPTY;
        List<Subscription> all = new ArrayList<>();
        for (int i = 0; i < 50_000; i++) {
            Subscription s = plain("wide." + i);
            all.add(s);
            sublist = sublist.with(s);
        }
        for (int i = 0; i < all.size(); i += 97) {
            assertThat(match(sublist, "wide." + i).plain()).containsExactly(all.get(i));
        }
        for (Subscription s : all) {
            sublist = sublist.without(s);
        }
        assertThat(sublist.size()).isZero();
    }

    private static String literal(Random random) {
        var text = new StringBuilder();
        for (int i = random.nextInt(3); i >= 0; i--) {
            text.append((char) ('a' + random.nextInt(3))).append(i == 0 ? "" : ".");
        }
        return text.toString();
    }

    private static String filter(Random random) {
        String[] tokens = literal(random).split("\\.");
        for (int i = 0; i < tokens.length; i++) {
            if (random.nextInt(3) == 0) {
                tokens[i] = "*";
            }
        }
        return String.join(".", tokens) + (random.nextInt(4) == 0 ? ".>" : "");
    }
}
