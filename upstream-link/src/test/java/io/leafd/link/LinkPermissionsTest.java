package io.leafd.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.link.LinkRule.Origin;
import io.leafd.protocol.Subject;
import io.leafd.security.permission.LeafPermissions;
import io.leafd.security.permission.Permissions;
import io.leafd.security.permission.SubjectRules;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinkPermissionsTest {
    private static final LeafPermissions ANY = new LeafPermissions(Permissions.ALL);
    private static final LeafPermissions LIMITED = new LeafPermissions(Permissions.of(
            new SubjectRules(List.of("to.hub.>", "$JS.hub.API.>", "plant.>"), List.of("to.hub.secret")),
            new SubjectRules(List.of("from.hub.>", "_INBOX.>", "cmd.>"), List.of("from.hub.secret")),
            null));
    private static final LinkRules LISTS =
            new LinkRules(List.of("plant.>"), List.of("cmd.>", "recipes.*"), List.of("plant.telemetry.>"));
    private static final JetStreamBorder BORDER = JetStreamBorder.between("edge", "hub");

    @ParameterizedTest
    @CsvSource({
        "plant.a, true, LIST, plant.>",
        "other.a, false, LIST, ''",
        "plant, false, LIST, ''",
        "plant.telemetry.t1, false, FORWARD, plant.telemetry.>",
        "$KV.b.k, false, JETSTREAM, $KV.>",
        "$OBJ.b.C.x, false, JETSTREAM, $OBJ.>",
        "$JS.API.INFO, false, JETSTREAM, $JS.API.>",
        "$JS.edge.API.INFO, false, JETSTREAM, $JS.edge.API.>",
        "$JS.hub.API.INFO, false, LIST, ''",
        "$JS.ACK.S.C.1.2.3.4.5, true, NONE, ''",
        "$JS.FC.S.C.x, true, NONE, ''",
        "_R_.abc.def, true, NONE, ''",
    })
    void listsDecideWhatGoesOut(String subject, boolean allows, Origin origin, String filter) {
        assertThat(of(LISTS, ANY).out(subject)).isEqualTo(new LinkRule(origin, filter, allows));
    }

    @ParameterizedTest
    @CsvSource({
        "cmd.stop, true, LIST, cmd.>",
        "recipes.r1, true, LIST, recipes.*",
        "recipes.r1.x, false, LIST, ''",
        "plant.a, false, LIST, ''",
        "$KV.b.k, false, JETSTREAM, $KV.>",
        "$JS.API.INFO, false, JETSTREAM, $JS.API.>",
        "$JS.edge.API.INFO, false, LIST, ''",
    })
    void listsDecideWhatComesIn(String subject, boolean allows, Origin origin, String filter) {
        assertThat(of(LISTS, ANY).in(subject)).isEqualTo(new LinkRule(origin, filter, allows));
    }

    @ParameterizedTest
    @CsvSource({
        "to.hub.1, true, PEER",
        "to.hub.secret, false, PEER",
        "nope.x, false, PEER",
        "$JS.hub.API.STREAM.NAMES, true, PEER",
        "$JS.edge.API.STREAM.NAMES, false, JETSTREAM",
        "$JS.ACK.S.C.1.2.3.4.5, true, PEER",
        "_R_.x.y, true, PEER",
        "_INBOX.x, false, PEER",
    })
    void theUpstreamDecidesWhatGoesOut(String subject, boolean allows, Origin origin) {
        LinkRule rule = of(LinkRules.OPEN, LIMITED).out(subject);

        assertThat(rule.allows()).isEqualTo(allows);
        assertThat(rule.origin()).isEqualTo(origin);
    }

    @Test
    void bothMustAgree() {
        var rules = new LinkRules(List.of("plant.>", "nope.>"), List.of("cmd.>", "other.>"), List.of());
        LinkPermissions both = of(rules, LIMITED);

        assertThat(both.out("plant.a").allows()).isTrue();
        assertThat(both.out("nope.x")).isEqualTo(new LinkRule(Origin.PEER, "", false));
        assertThat(both.out("to.hub.1")).isEqualTo(new LinkRule(Origin.LIST, "", false));
        assertThat(both.in("cmd.a").allows()).isTrue();
        assertThat(both.in("other.x")).isEqualTo(new LinkRule(Origin.PEER, "", false));
        assertThat(both.in("from.hub.1")).isEqualTo(new LinkRule(Origin.LIST, "", false));
    }

    @Test
    void answersNeedNoEntryInTheListsButThePeersConsent() {
        LinkPermissions open = of(LISTS, ANY);
        LinkPermissions limited = of(LISTS, LIMITED);
        Subject inbox = Subject.of("_INBOX.abc.1");

        assertThat(open.out("_INBOX.abc.1").allows()).isFalse();
        assertThat(open.answerOut(inbox.bytes(), 0, inbox.length()).allows()).isTrue();
        assertThat(open.answerIn(inbox.bytes(), 0, inbox.length()).allows()).isTrue();
        assertThat(limited.answerOut(inbox.bytes(), 0, inbox.length()).allows()).isFalse();
        assertThat(limited.answerIn(inbox.bytes(), 0, inbox.length()).allows()).isTrue();
    }

    @Test
    void whatTheUpstreamClosedAConnectionForIsNotTriedAgain() {
        var refused = new LinkPermissions.Refused(List.of("surprise.x"), List.of("wish.y"));
        LinkPermissions permissions = LinkPermissions.ofUpstream(LinkRules.OPEN, ANY, BORDER, refused);

        assertThat(permissions.out("surprise.x")).isEqualTo(new LinkRule(Origin.REFUSED, "surprise.x", false));
        assertThat(permissions.out("surprise.y").allows()).isTrue();
        assertThat(permissions.advertised("wish.y", null)).isEmpty();
        assertThat(permissions.advertised("wish.*", null)).containsExactly("wish.*");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                ">, cmd.> recipes.*",
                "cmd.>, cmd.>",
                "cmd.stop, cmd.stop",
                "*.stop, cmd.stop recipes.stop",
                "recipes.>, recipes.*",
                "plant.a, -",
                "_INBOX.x.*, -",
                "$LDS.abc, $LDS.abc",
                "$JS.FC.S.C.*, $JS.FC.S.C.*",
            })
    void interestIsCutToTheImportList(String filter, @Nullable String told) {
        assertThat(of(LISTS, ANY).advertised(filter, null)).isEqualTo(words(told));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                ">, >",
                "from.hub.1, from.hub.1",
                "from.hub.>, from.hub.>",
                "from.*.1, from.hub.1",
                "*.hub.secret, _INBOX.hub.secret cmd.hub.secret",
                "from.hub.secret, -",
                "other.x, -",
                "other.*, -",
                "_INBOX.a.*, _INBOX.a.*",
                "$LDS.abc, $LDS.abc",
            })
    void interestStaysWithinWhatTheUpstreamPermits(String filter, @Nullable String told) {
        assertThat(of(LinkRules.OPEN, LIMITED).advertised(filter, null)).isEqualTo(words(told));
    }

    @Test
    void interestIsCutTwiceIfBothRestrictIt() {
        assertThat(of(LISTS, LIMITED).advertised(">", null)).containsExactly("cmd.>");
        assertThat(of(LISTS, LIMITED).advertised("cmd.*", "q")).containsExactly("cmd.*");
    }

    @ParameterizedTest
    @CsvSource({"$JS.API.>", "$JS.API.INFO", "$KV.b.>", "$OBJ.b.C.>"})
    void jetStreamsOwnInterestStaysHere(String filter) {
        assertThat(of(LinkRules.OPEN, ANY).advertised(filter, null)).isEmpty();
    }

    @Test
    void theDomainsApiIsAdvertised() {
        assertThat(of(LinkRules.OPEN, ANY).advertised("$JS.edge.API.STREAM.>", null))
                .containsExactly("$JS.edge.API.STREAM.>");
    }

    @Test
    void equalDomainsKeepTheirApisToThemselves() {
        LinkPermissions same = LinkPermissions.ofUpstream(
                LinkRules.OPEN, ANY, JetStreamBorder.between("x", "x"), LinkPermissions.Refused.NOTHING);

        assertThat(same.out("$JS.x.API.INFO").allows()).isFalse();
        assertThat(same.in("$JS.x.API.INFO").allows()).isFalse();
        assertThat(same.advertised("$JS.x.API.>", null)).isEmpty();
    }

    @Test
    void aLeafIsSentWhatItsUserMayReceiveAndItWants() {
        LinkPermissions leaf = LinkPermissions.ofLeaf(LIMITED, List.of("cmd.noisy"), JetStreamBorder.between("a", "b"));

        assertThat(leaf.out("from.hub.1").allows()).isTrue();
        assertThat(leaf.out("from.hub.secret").allows()).isFalse();
        assertThat(leaf.out("cmd.noisy").allows()).isFalse();
        assertThat(leaf.out("$KV.b.k").allows()).isFalse();
        assertThat(leaf.in("anything").allows()).isTrue();
        assertThat(leaf.advertised("anything.>", null)).containsExactly("anything.>");
    }

    @Test
    void anEmptyListLetsNothingCross() {
        LinkPermissions closed = of(new LinkRules(List.of(), List.of(), List.of()), ANY);

        assertThat(closed.out("plant.a").allows()).isFalse();
        assertThat(closed.in("plant.a").allows()).isFalse();
        assertThat(closed.advertised(">", null)).isEmpty();
    }

    @Test
    void aRuleExplainsItself() {
        assertThat(of(LISTS, ANY).out("other.a").text()).isEqualTo("the configured list does not name it");
        assertThat(of(LISTS, ANY).out("plant.telemetry.x").text())
                .isEqualTo("taken by the forward of \"plant.telemetry.>\"");
        assertThat(of(LinkRules.OPEN, LIMITED).out("nope.x").text()).isEqualTo("the peer's permissions do not name it");
    }

    private static LinkPermissions of(LinkRules rules, LeafPermissions upstream) {
        return LinkPermissions.ofUpstream(rules, upstream, BORDER, LinkPermissions.Refused.NOTHING);
    }

    private static List<String> words(@Nullable String text) {
        return text == null ? List.of() : List.of(text.split(" "));
    }
}
