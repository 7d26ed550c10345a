package io.leafd.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.protocol.LeafFrames;
import io.leafd.protocol.Subject;
import io.leafd.security.permission.LeafPermissions;
import io.leafd.security.permission.Permissions;
import io.leafd.security.permission.SubjectRules;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class InterestMapTest {
    private final List<String> wire = new ArrayList<>();
    private final InterestMap map = new InterestMap(permissions(LinkRules.OPEN, List.of()), new Recorder(wire));

    @Test
    void manySubscriptionsToOneSubjectAreOneLine() {
        change(map, "foo", null, 1);
        change(map, "foo", null, 1);
        assertThat(wire).containsExactly("LS+ foo");

        change(map, "foo", null, -1);
        assertThat(wire).containsExactly("LS+ foo");

        change(map, "foo", null, -1);
        assertThat(wire).containsExactly("LS+ foo", "LS- foo");
        assertThat(map.size()).isZero();
        assertThat(map.hash()).isZero();
    }

    @Test
    void everyChangeOfAQueueGroupTellsItsNumberOfMembers() {
        change(map, "bar", "q1", 1);
        change(map, "bar", "q1", 1);
        change(map, "bar", "q1", -1);
        change(map, "bar", "q1", -1);

        assertThat(wire).containsExactly("LS+ bar q1 1", "LS+ bar q1 2", "LS+ bar q1 1", "LS- bar q1");
    }

    @Test
    void aLeafsWeightCountsAsItsMembers() {
        change(map, "bar", "q1", 3);
        change(map, "bar", "q1", 1);

        assertThat(wire).containsExactly("LS+ bar q1 3", "LS+ bar q1 4");
    }

    @Test
    void plainAndQueueAreDifferentKeys() {
        change(map, "foo", null, 1);
        change(map, "foo", "q", 1);
        change(map, "foo", null, -1);

        assertThat(wire).containsExactly("LS+ foo", "LS+ foo q 1", "LS- foo");
        assertThat(map.size()).isEqualTo(1);
    }

    @Test
    void aRemovalToldBeforeItsAdditionComesToNothing() {
        change(map, "foo", null, -1);
        change(map, "foo", null, 1);

        assertThat(wire).isEmpty();
        assertThat(map.size()).isZero();
    }

    @Test
    void overlappingPartsAreToldOnce() {
        var limited = new InterestMap(
                permissions(new LinkRules(null, List.of("cmd.>"), List.of()), List.of()), new Recorder(wire));

        change(limited, ">", null, 1);
        change(limited, "cmd.>", null, 1);
        change(limited, "plant.>", null, 1);
        assertThat(wire).containsExactly("LS+ cmd.>");

        change(limited, ">", null, -1);
        assertThat(wire).containsExactly("LS+ cmd.>");

        change(limited, "cmd.>", null, -1);
        assertThat(wire).containsExactly("LS+ cmd.>", "LS- cmd.>");
    }

    @Test
    void widerPermissionsTellWhatWasHeldBack() {
        var limited = new InterestMap(permissions(LinkRules.OPEN, List.of("a.>")), new Recorder(wire));
        change(limited, "a.1", null, 1);
        change(limited, "b.1", "q", 2);
        wire.clear();

        limited.permissions(permissions(LinkRules.OPEN, List.of("a.>", "b.>")));
        assertThat(wire).containsExactly("LS+ b.1 q 2");

        wire.clear();
        limited.permissions(permissions(LinkRules.OPEN, List.of("b.>")));
        assertThat(wire).containsExactly("LS- a.1");
    }

    @Test
    void answersAreToldWhateverTheListSays() {
        var limited = new InterestMap(
                permissions(new LinkRules(null, List.of("cmd.>"), List.of()), List.of()), new Recorder(wire));

        limited.changeAnswers(Subject.of("_INBOX.a.*"), 1);
        limited.changeAnswers(Subject.of("_INBOX.a.*"), -1);

        assertThat(wire).containsExactly("LS+ _INBOX.a.*", "LS- _INBOX.a.*");
    }

    @Test
    void aCoverStandsForPlainFilters() {
        change(map, "foo", null, 2);
        change(map, "bar", null, 1);
        change(map, "kept", null, 1);
        change(map, "jobs", "q", 2);
        map.changeAnswers(Subject.of("_INBOX.a.*"), 1);
        wire.clear();
        long before = map.heapBytes();

        map.cover(filter -> filter.startsWith("kept"));

        assertThat(wire.getFirst()).isEqualTo("LS+ >");
        assertThat(wire).containsExactlyInAnyOrder("LS+ >", "LS- foo", "LS- bar");
        assertThat(map.heapBytes()).isPositive().isLessThan(before);
    }

    @Test
    void whatItHoldsComesBackToNothing() {
        change(map, "foo", null, 2);
        change(map, "jobs", "q", 2);
        assertThat(map.heapBytes()).isPositive();
        change(map, "foo", null, -2);
        change(map, "jobs", "q", -1);
        change(map, "jobs", "q", -1);
        assertThat(map.heapBytes()).isZero();
    }

    @Test
    void hashTellsSetsApartAndIgnoresOrder() {
        var other = new InterestMap(permissions(LinkRules.OPEN, List.of()), new Recorder(new ArrayList<>()));
        change(map, "a", null, 1);
        change(map, "b", "q", 2);
        change(map, "a", null, 1);
        change(other, "b", "q", 2);
        assertThat(map.hash()).isNotEqualTo(other.hash());

        change(other, "a", null, 1);
        assertThat(map.hash()).isEqualTo(other.hash());
        assertThat(map.hash())
                .isEqualTo(InterestMap.hash(Subject.of("a"), null, 1)
                        + InterestMap.hash(Subject.of("b"), Subject.of("q"), 2));
    }

    @Test
    void thePeersViewIsThatOfANewMap() {
        var random = new Random(3);
        var peer = new PeerView();
        var told = new InterestMap(permissions(LinkRules.OPEN, List.of("a.>", "b.*")), peer);
        List<String[]> subscriptions = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            if (random.nextInt(3) > 0 || subscriptions.isEmpty()) {
                String[] sub = {
                    List.of("a", "b", "*", ">", "a.1", "b.1", "a.*", "*.1").get(random.nextInt(8)),
                    random.nextBoolean() ? "q" : null
                };
                subscriptions.add(sub);
                change(told, sub[0], sub[1], 1);
            } else {
                String[] sub = subscriptions.remove(random.nextInt(subscriptions.size()));
                change(told, sub[0], sub[1], -1);
            }
            if (i % 1000 == 999) {
                told.permissions(permissions(LinkRules.OPEN, List.of(i % 2000 == 999 ? "a.*" : ">")));
            }
        }
        told.permissions(permissions(LinkRules.OPEN, List.of("a.*")));
        var fresh = new InterestMap(permissions(LinkRules.OPEN, List.of("a.*")), new Recorder(new ArrayList<>()));
        subscriptions.forEach(sub -> change(fresh, sub[0], sub[1], 1));

        assertThat(told.hash()).isEqualTo(fresh.hash()).isEqualTo(peer.hash());
    }

    private static void change(InterestMap map, String filter, @Nullable String queue, int delta) {
        map.change(Subject.of(filter), queue == null ? null : Subject.of(queue), delta);
    }

    private static LinkPermissions permissions(LinkRules rules, List<String> allowed) {
        var upstream =
                new LeafPermissions(Permissions.of(SubjectRules.NONE, new SubjectRules(allowed, List.of()), null));
        return LinkPermissions.ofUpstream(
                rules, upstream, JetStreamBorder.between("edge", "hub"), LinkPermissions.Refused.NOTHING);
    }

    /** Writes down the lines. */
    private record Recorder(List<String> lines) implements InterestMap.Wire {
        @Override
        public void interest(Subject filter, @Nullable Subject queue, int weight) {
            lines.add(text(LeafFrames.interest(filter, queue, weight)));
        }

        @Override
        public void noInterest(Subject filter, @Nullable Subject queue) {
            lines.add(text(LeafFrames.noInterest(filter, queue)));
        }

        private static String text(byte[] line) {
            return new String(line, StandardCharsets.UTF_8).strip();
        }
    }

    /** What a peer knows that reads every line. */
    private static final class PeerView implements InterestMap.Wire {
        private final Map<String, Long> known = new HashMap<>();

        @Override
        public void interest(Subject filter, @Nullable Subject queue, int weight) {
            known.put(filter + " " + queue, InterestMap.hash(filter, queue, weight));
        }

        @Override
        public void noInterest(Subject filter, @Nullable Subject queue) {
            assertThat(known.remove(filter + " " + queue)).isNotNull();
        }

        long hash() {
            return known.values().stream().mapToLong(Long::longValue).sum();
        }
    }
}
