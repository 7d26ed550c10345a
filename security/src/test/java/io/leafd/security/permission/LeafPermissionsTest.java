package io.leafd.security.permission;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LeafPermissionsTest {
    /** The hub's user of the captures: import and export lists with one denied subject each. */
    private final LeafPermissions leaf = new LeafPermissions(Permissions.of(
            new SubjectRules(List.of("to.hub.>", "$JS.hub.API.>"), List.of("to.hub.secret")),
            new SubjectRules(List.of("from.hub.>", "_INBOX.>"), List.of("from.hub.secret")),
            null));

    @Test
    void literalInterestMustBeAllowed() {
        assertThat(leaf.maySubscribe("from.hub.1", null)).isTrue();
        assertThat(leaf.maySubscribe("from.hub.1", "q")).isTrue();
        assertThat(leaf.maySubscribe("from.hub.secret", null)).isFalse();
        assertThat(leaf.maySubscribe("other.x", null)).isFalse();
    }

    @Test
    void wildcardInterestPassesIfAnAllowEntryLiesWithinIt() {
        assertThat(leaf.maySubscribe(">", null)).isTrue();
        assertThat(leaf.maySubscribe("from.>", null)).isTrue();
        assertThat(leaf.maySubscribe("*.hub.>", "q")).isTrue();
        assertThat(leaf.maySubscribe("other.>", null)).isFalse();
        assertThat(leaf.maySubscribe("*.hub.1", null)).isFalse();
        assertThat(leaf.permissions().maySubscribe(">", null)).isFalse();
    }

    @Test
    void everyDeliveryIsJudgedByBothLists() {
        assertThat(leaf.mayDeliver("from.hub.1")).isTrue();
        assertThat(leaf.mayDeliver("from.hub.secret")).isFalse();
        assertThat(leaf.mayDeliver("zzz")).isFalse();
        byte[] frame = "LMSG from.hub.1 2".getBytes(UTF_8);
        assertThat(leaf.mayDeliver(frame, 5, 15)).isTrue();
        assertThat(leaf.mayDeliver(frame, 5, 13)).isFalse();
    }

    @Test
    void publishIsJudgedByTheExportList() {
        assertThat(leaf.mayPublish("to.hub.a")).isTrue();
        assertThat(leaf.mayPublish("to.hub.secret")).isFalse();
        assertThat(leaf.mayPublish("nope.x")).isFalse();
    }

    @Test
    void serviceAnswersAndAcknowledgementsAreAlwaysPublishable() {
        assertThat(leaf.mayPublish("_R_.bqzdBF.KcaAzy")).isTrue();
        assertThat(leaf.mayPublish("$JS.ACK.S.C.1.1.1.1795226793819907483.1")).isTrue();
        assertThat(leaf.mayPublish("_R_.")).isFalse();
        assertThat(leaf.mayPublish("_R_")).isFalse();
        assertThat(leaf.mayPublish("$JS.ACK")).isFalse();
        byte[] cut = "_R_.x".getBytes(UTF_8);
        assertThat(leaf.mayPublish(cut, 0, 3)).isFalse();
    }

    @Test
    void loopDetectionAndGatewaySubjectsAreAlwaysOpenToInterest() {
        assertThat(leaf.maySubscribe("$LDS.0123456789abcdefghijkl", null)).isTrue();
        assertThat(leaf.maySubscribe("_GR_.>", null)).isTrue();
        assertThat(leaf.maySubscribe("$GR.*.>", null)).isTrue();
        assertThat(leaf.maySubscribe("$LDSx", null)).isFalse();
    }

    @Test
    void withoutRulesEverythingCrosses() {
        LeafPermissions open = new LeafPermissions(Permissions.ALL);

        assertThat(open.mayPublish("any")).isTrue();
        assertThat(open.maySubscribe(">", "q")).isTrue();
        assertThat(open.mayDeliver("any")).isTrue();
    }

    @Test
    void denyAloneRefusesOnlyInterestThatLiesWithinIt() {
        LeafPermissions denying = new LeafPermissions(
                Permissions.of(SubjectRules.NONE, new SubjectRules(List.of(), List.of("$KV.>")), null));

        assertThat(denying.maySubscribe("$KV.b.>", null)).isFalse();
        assertThat(denying.maySubscribe(">", null)).isTrue();
        assertThat(denying.mayDeliver("$KV.b.k")).isFalse();
        assertThat(denying.mayDeliver("a")).isTrue();
    }
}
