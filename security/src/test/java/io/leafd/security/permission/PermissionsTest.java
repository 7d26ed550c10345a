package io.leafd.security.permission;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leafd.security.SecurityConfigException;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tables are those that were observed on nats-server 2.15.1, unless a test says otherwise. */
class PermissionsTest {
    private static Permissions publishing(List<String> allow, List<String> deny) {
        return Permissions.of(new SubjectRules(allow, deny), SubjectRules.NONE, null);
    }

    private static Permissions subscribing(List<String> allow, List<String> deny) {
        return Permissions.of(SubjectRules.NONE, new SubjectRules(allow, deny), null);
    }

    @Test
    void withoutRulesEverythingIsAllowed() {
        for (Permissions permissions : List.of(Permissions.ALL, publishing(List.of(), List.of()))) {
            assertThat(permissions.unrestricted()).isTrue();
            assertThat(permissions.mayPublish("a.b")).isTrue();
            assertThat(permissions.mayPublish("a..b")).isTrue();
            assertThat(permissions.maySubscribe(">", null)).isTrue();
            assertThat(permissions.maySubscribe("a", "q")).isTrue();
            assertThat(permissions.filtersDeliveries(">", null)).isFalse();
            assertThat(permissions.mayDeliver("a.b", null)).isTrue();
            assertThat(permissions.responses()).isNull();
        }
    }

    @Test
    void publishIsAllowedThenDenied() {
        Permissions permissions = publishing(List.of("p.*", "status"), List.of("p.no", "p.*.x"));

        assertThat(permissions.unrestricted()).isFalse();
        assertThat(permissions.mayPublish("p.a")).isTrue();
        assertThat(permissions.mayPublish("status")).isTrue();
        assertThat(permissions.mayPublish("p.no")).isFalse();
        assertThat(permissions.mayPublish("p.a.b")).isFalse();
        assertThat(permissions.mayPublish("p")).isFalse();
        assertThat(permissions.mayPublish("statu")).isFalse();
        assertThat(permissions.mayPublish("")).isFalse();
    }

    @Test
    void publishedWildcardCharactersAreText() {
        Permissions permissions = publishing(List.of("p.*"), List.of());

        assertThat(permissions.mayPublish("p.>")).isTrue();
        assertThat(permissions.mayPublish("p.*")).isTrue();
        assertThat(permissions.mayPublish("*.a")).isFalse();
    }

    @Test
    void denyAloneLeavesTheRest() {
        Permissions permissions = publishing(List.of(), List.of("secret.>"));

        assertThat(permissions.mayPublish("secret.a")).isFalse();
        assertThat(permissions.mayPublish("secret")).isTrue();
        assertThat(permissions.mayPublish("any.thing")).isTrue();
    }

    @Test
    void subjectWithAnEmptyTokenMatchesNoEntry() {
        Permissions allowing = publishing(List.of(">"), List.of());
        Permissions denying = publishing(List.of(), List.of(">"));

        for (String subject : List.of("a..b", ".a", "a.")) {
            assertThat(allowing.mayPublish(subject)).isFalse();
            assertThat(denying.mayPublish(subject)).isTrue();
        }
    }

    @Test
    void subjectIsReadFromTheMiddleOfABuffer() {
        Permissions permissions = publishing(List.of("p.*"), List.of("p.no"));
        byte[] line = "PUB p.a 5\r\nPUB p.no 5\r\n".getBytes(UTF_8);

        assertThat(permissions.mayPublish(line, 4, 7)).isTrue();
        assertThat(permissions.mayPublish(line, 15, 19)).isFalse();
    }

    @Test
    void subscriptionMustLieWithinAnAllowEntry() {
        Permissions permissions = subscribing(List.of("a.*.c", "foo.*", "x.>"), List.of());

        assertThat(permissions.maySubscribe("a.*.c", null)).isTrue();
        assertThat(permissions.maySubscribe("a.b.c", null)).isTrue();
        assertThat(permissions.maySubscribe("x.*.y.>", null)).isTrue();
        assertThat(permissions.maySubscribe("a.*.*", null)).isFalse();
        assertThat(permissions.maySubscribe("*.b.c", null)).isFalse();
        assertThat(permissions.maySubscribe("x", null)).isFalse();
        assertThat(permissions.maySubscribe(">", null)).isFalse();
    }

    /** nats-server 2.15.1 permits it, and so delivers {@code foo.a.b} to a user who may receive {@code foo.*} only. */
    @Test
    void restWildcardDoesNotLieWithinATokenWildcard() {
        assertThat(subscribing(List.of("foo.*"), List.of()).maySubscribe("foo.>", null))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a..b", ">.a", "a b", "a.>.c"})
    void invalidSubscriptionIsRefusedIfThereAreRules(String pattern) {
        assertThat(subscribing(List.of(">"), List.of()).maySubscribe(pattern, null))
                .isFalse();
        assertThat(subscribing(List.of(), List.of("x")).maySubscribe(pattern, null))
                .isFalse();
        assertThat(subscribing(List.of(), List.of("x")).filtersDeliveries(pattern, null))
                .isFalse();
    }

    @Test
    void subscriptionWiderThanADenyEntryStandsAndIsFiltered() {
        Permissions permissions = subscribing(List.of("ok.>"), List.of("ok.secret"));

        assertThat(permissions.maySubscribe("ok.>", null)).isTrue();
        assertThat(permissions.filtersDeliveries("ok.>", null)).isTrue();
        assertThat(permissions.mayDeliver("ok.a", null)).isTrue();
        assertThat(permissions.mayDeliver("ok.secret", null)).isFalse();
        assertThat(permissions.maySubscribe("ok.secret", null)).isFalse();
        assertThat(permissions.filtersDeliveries("ok.a", null)).isFalse();
        assertThat(permissions.filtersDeliveries("ok.other.*", null)).isFalse();
    }

    @Test
    void subscriptionThatOnlyCrossesADenyEntryIsFilteredToo() {
        Permissions permissions = subscribing(List.of(), List.of("ok.*"));

        assertThat(permissions.maySubscribe("*.secret", null)).isTrue();
        assertThat(permissions.filtersDeliveries("*.secret", null)).isTrue();
        assertThat(permissions.mayDeliver("ok.secret", null)).isFalse();
        assertThat(permissions.mayDeliver("no.secret", null)).isTrue();
        assertThat(permissions.maySubscribe("ok.*", null)).isFalse();
    }

    @Test
    void queueEntryAllowsTheGroupsItNames() {
        Permissions permissions = subscribing(List.of("q.x v1.*"), List.of());

        assertThat(permissions.maySubscribe("q.x", "v1.a")).isTrue();
        assertThat(permissions.maySubscribe("q.x", "v1.*")).isTrue();
        assertThat(permissions.maySubscribe("q.x", null)).isFalse();
        assertThat(permissions.maySubscribe("q.x", "bad")).isFalse();
        assertThat(permissions.maySubscribe("q.y", "v1.a")).isFalse();
    }

    @Test
    void plainEntryAllowsAnyGroupUnlessQueueEntriesForTheSameSubjectExist() {
        Permissions permissions = subscribing(List.of("foo.*", "q.>", "q.x v1"), List.of());

        assertThat(permissions.maySubscribe("foo.a", "any")).isTrue();
        assertThat(permissions.maySubscribe("q.>", "zz")).isTrue();
        assertThat(permissions.maySubscribe("q.x", "zz")).isFalse();
        assertThat(permissions.maySubscribe("q.x", "v1")).isTrue();
        assertThat(permissions.maySubscribe("q.x", null)).isTrue();
    }

    @Test
    void queueEntryForEverySubjectLimitsEveryGroup() {
        Permissions permissions = subscribing(List.of("q.>", "> g"), List.of());

        assertThat(permissions.maySubscribe("q.>", "zz")).isFalse();
        assertThat(permissions.maySubscribe("z", "g")).isTrue();
        assertThat(permissions.maySubscribe("z", null)).isFalse();
    }

    @Test
    void documentedExampleOfProductionGroups() {
        Permissions permissions = subscribing(List.of("foo", "foo v1", "foo v1.>", "foo *.dev"), List.of("> *.prod"));

        assertThat(Stream.of("v1", "v1.a.b", "x.dev")).allMatch(queue -> permissions.maySubscribe("foo", queue));
        assertThat(Stream.of("v2", "v1.prod", "x.prod", "dev"))
                .noneMatch(queue -> permissions.maySubscribe("foo", queue));
        assertThat(permissions.maySubscribe("foo", null)).isTrue();
    }

    @Test
    void plainDenyEntryRefusesEveryGroupAndQueueDenyEntryThoseItNames() {
        Permissions permissions = subscribing(List.of(), List.of("q.d", "q.d v1", "x v1"));

        assertThat(permissions.maySubscribe("q.d", "zz")).isFalse();
        assertThat(permissions.maySubscribe("q.d", "v1")).isFalse();
        assertThat(permissions.maySubscribe("q.d", null)).isFalse();
        assertThat(permissions.maySubscribe("x", "zz")).isTrue();
        assertThat(permissions.maySubscribe("x", null)).isTrue();
        assertThat(permissions.maySubscribe("x", "v1")).isFalse();
    }

    @Test
    void queueDenyEntryFiltersDeliveriesToTheGroupsItNames() {
        Permissions permissions = subscribing(List.of(), List.of("y.z v1", "*.w v2"));

        assertThat(permissions.filtersDeliveries("y.>", "v1")).isTrue();
        assertThat(permissions.mayDeliver("y.z", "v1")).isFalse();
        assertThat(permissions.filtersDeliveries("y.>", "zz")).isFalse();
        assertThat(permissions.filtersDeliveries("y.>", null)).isFalse();
        assertThat(permissions.mayDeliver("y.z", "zz")).isTrue();
        assertThat(permissions.mayDeliver("y.z", null)).isTrue();
        assertThat(permissions.filtersDeliveries(">", "v2")).isTrue();
        assertThat(permissions.mayDeliver("a.w", "v2")).isFalse();
        assertThat(permissions.mayDeliver("y.z", "v2")).isTrue();
    }

    @Test
    void groupNameIsTextAndNeverAPattern() {
        Permissions allowing = subscribing(List.of("a v1"), List.of());
        Permissions denying = subscribing(List.of(), List.of("a v1.*"));

        assertThat(allowing.maySubscribe("a", "*")).isFalse();
        assertThat(allowing.maySubscribe("a", ">")).isFalse();
        assertThat(denying.maySubscribe("a", "v1.>")).isFalse();
        assertThat(denying.maySubscribe("a", "v1..x")).isTrue();
    }

    @Test
    void allowResponsesMakesAnEmptyPublishListMeanNothing() {
        Permissions answering = Permissions.of(SubjectRules.NONE, SubjectRules.NONE, ResponseLimit.DEFAULT);
        Permissions both =
                Permissions.of(new SubjectRules(List.of("p"), List.of()), SubjectRules.NONE, ResponseLimit.DEFAULT);

        assertThat(answering.unrestricted()).isFalse();
        assertThat(answering.mayPublish("a")).isFalse();
        assertThat(answering.mayPublish("a..b")).isFalse();
        assertThat(both.mayPublish("p")).isTrue();
        assertThat(both.mayPublish("a")).isFalse();
        assertThat(answering.maySubscribe(">", null)).isTrue();
    }

    @Test
    void badEntryIsRefusedByName() {
        assertThatThrownBy(() -> publishing(List.of("a..b"), List.of()))
                .isInstanceOf(SecurityConfigException.class)
                .hasMessage("permission \"a..b\": \"a..b\" is no valid subject; separate non-empty tokens by dots, "
                        + "and use > only as the last one");
        assertThatThrownBy(() -> publishing(List.of(), List.of("a queue")))
                .isInstanceOf(SecurityConfigException.class)
                .hasMessageContaining("is no valid subject");
        assertThatThrownBy(() -> subscribing(List.of("a b c"), List.of()))
                .isInstanceOf(SecurityConfigException.class)
                .hasMessage("permission \"a b c\": has 3 words; write \"subject\" or \"subject queue\"");
        assertThatThrownBy(() -> subscribing(List.of(), List.of(" "))).isInstanceOf(SecurityConfigException.class);
    }

    @Test
    void rulesAreKeptAsGiven() {
        Permissions permissions = Permissions.of(
                new SubjectRules(List.of("a"), List.of("b")), new SubjectRules(List.of("c q"), List.of()), null);

        assertThat(permissions.publish()).isEqualTo(new SubjectRules(List.of("a"), List.of("b")));
        assertThat(permissions.subscribe().allow()).containsExactly("c q");
    }

    /**
     * The property that matters: whatever lists a user has, nothing reaches a subscription of his that he may not receive,
     * and nothing he may receive is lost.
     */
    @Test
    void noPermittedSubscriptionLeaksOrLoses() {
        Random random = new Random(11);
        int judged = 0;
        for (int round = 0; round < 30_000; round++) {
            List<String> allow = randomPatterns(random, 3);
            List<String> deny = randomPatterns(random, 3);
            Permissions permissions = subscribing(allow, deny);
            String pattern = randomPattern(random);
            String subject = randomPattern(random).replace("*", "b").replace(">", "c");
            if (!permissions.maySubscribe(pattern, null) || !Naive.matches(pattern, subject)) {
                continue;
            }
            judged++;
            boolean delivered = !permissions.filtersDeliveries(pattern, null) || permissions.mayDeliver(subject, null);
            boolean permitted = (allow.isEmpty() || allow.stream().anyMatch(entry -> Naive.matches(entry, subject)))
                    && deny.stream().noneMatch(entry -> Naive.matches(entry, subject));
            assertThat(delivered)
                    .as("allow %s deny %s subscription %s subject %s", allow, deny, pattern, subject)
                    .isEqualTo(permitted);
        }
        assertThat(judged).isGreaterThan(200);
    }

    @Test
    void publishIsJudgedAsTheNaiveMatcherDoes() {
        Random random = new Random(12);
        for (int round = 0; round < 20_000; round++) {
            List<String> allow = randomPatterns(random, 3);
            List<String> deny = randomPatterns(random, 3);
            String subject = randomPattern(random);
            boolean permitted = (allow.isEmpty() || allow.stream().anyMatch(entry -> Naive.matches(entry, subject)))
                    && deny.stream().noneMatch(entry -> Naive.matches(entry, subject));
            assertThat(publishing(allow, deny).mayPublish(subject))
                    .as("allow %s deny %s subject %s", allow, deny, subject)
                    .isEqualTo(permitted);
        }
    }

    private static List<String> randomPatterns(Random random, int countMax) {
        return IntStream.range(0, random.nextInt(countMax + 1))
                .mapToObj(i -> randomPattern(random))
                .toList();
    }

    private static String randomPattern(Random random) {
        StringBuilder pattern = new StringBuilder();
        for (int depth = random.nextInt(3); depth >= 0; depth--) {
            String tokens = depth == 0 ? "aab*>" : "aab*";
            pattern.append(tokens.charAt(random.nextInt(tokens.length()))).append(depth == 0 ? "" : ".");
        }
        return pattern.toString();
    }
}
