package io.leafd.test.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.test.peer.RawClient;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What may cross a link, by each way on which something can.
 *
 * <pre>
 *                 export (up)                              import (down)
 *   live          plant.a yes                              cmd.a yes
 *                 other.a not listed, plant.secret denied  other.b not listed, cmd.secret denied
 *   forward       plant.telemetry yes                      its acknowledgements yes
 *                 other.log not listed, plant.secret denied
 *   mirror        hub copies EVENTS yes                    edge copies RECIPES yes
 *                 hub copies LOG: deliveries denied        edge copies LOCKED: the API is denied
 * </pre>
 *
 * The user's permissions at the hub are tried without lists in {@link #theUsersPermissions}, and the lists with a user that may do all
 * in {@link #theConfiguredLists}. A hub closes the connection of a leaf that exceeds its permissions: there must be no second one.
 */
@Tag("conformance")
class LinkPermissionsIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String USER = ", permissions: {"
            + " publish: { allow: [\"plant.>\", \"$JS.hub.API.>\", \"$JSC.R.>\", \"$JS.M.>\", \"$JS.FC.>\"],"
            + " deny: [\"plant.secret.>\", \"$JS.hub.API.CONSUMER.CREATE.LOCKED\", \"denied.>\"] },"
            + " subscribe: { allow: [\"cmd.>\", \"_INBOX.>\", \"$JS.edge.API.>\", \"$JSC.R.>\", \"$JS.M.>\", \"$JS.FC.>\"],"
            + " deny: [\"cmd.secret\"] } }";
    private static final String LISTS = """
            export = ["plant.>", "$JS.M.>"]
            import = ["cmd.>", "$JS.edge.API.CONSUMER.CREATE.>"]
            """;
    private static final String FORWARDS = """

            [[upstream.hq.forward]]
            name = "telemetry"
            subjects = ["plant.telemetry.>"]
            into = "TELEMETRY"

            [[upstream.hq.forward]]
            name = "secrets"
            subjects = ["plant.secret.>"]
            into = "SECRETS"

            [[upstream.hq.forward]]
            name = "log"
            subjects = ["other.log.>"]
            into = "LOG"
            """;

    @Test
    @Timeout(180)
    void theUsersPermissions() {
        try (Site site = Site.start(USER, FORWARDS)) {
            assertLive(site, "plant.secret.a", "cmd.secret");
            assertForwards(site, "plant.secret.a");
            assertMirrors(site, true);
            assertNeverClosed(site);
        }
    }

    @Test
    @Timeout(180)
    void theConfiguredLists() {
        try (Site site = Site.start(Site.UNLIMITED, LISTS + FORWARDS.replace("plant.secret", "hidden.secret"))) {
            assertLive(site, "hidden.secret.a", "hidden.cmd");
            assertForwards(site, "hidden.secret.a");
            assertMirrors(site, false);
            assertNeverClosed(site);
        }
    }

    private static void assertLive(Site site, String deniedUp, String deniedDown) {
        try (RawClient hub = site.atHub();
                RawClient edge = site.atEdge()) {
            hub.exchange("SUB > 1\r\nSUB " + deniedUp + " 2\r\n"); // wider than allowed: each message is judged
            edge.exchange("SUB > 1\r\nSUB " + deniedDown + " 2\r\nSUB other.b 3\r\n");
            Site.awaitCrossing("plant.ready", edge, hub);
            Site.awaitCrossing("cmd.ready", hub, edge);
            edge.exchange(publish("other.a") + publish(deniedUp));
            edge.send(publish("plant.last"));
            assertThat(hub.until("plant.last 1 2\r\nhi\r\n")).doesNotContain("other.a", deniedUp);
            hub.exchange(publish("other.b") + publish(deniedDown));
            hub.send(publish("cmd.last"));
            assertThat(edge.until("cmd.last 1 2\r\nhi\r\n")).doesNotContain("other.b", deniedDown);
        }
    }

    private static void assertForwards(Site site, String secret) {
        String secrets = secret.substring(0, secret.lastIndexOf('.')) + ".>";
        try (HubStream telemetry = HubStream.create(site.hub, "TELEMETRY", "\"subjects\":[\"plant.telemetry.>\"]");
                HubStream denied = HubStream.create(site.hub, "SECRETS", "\"subjects\":[\"" + secrets + "\"]");
                HubStream log = HubStream.create(site.hub, "LOG", "\"subjects\":[\"other.log.>\"]");
                RawClient edge = site.atEdge()) {
            edge.exchange(publish(secret) + publish("other.log.a") + publish("plant.telemetry.a"));
            telemetry.awaitMessages(1, LIMIT);
            edge.exchange(publish(secret) + publish("other.log.b") + publish("plant.telemetry.b"));
            telemetry.awaitMessages(2, LIMIT);

            assertThat(denied.messages()).isZero();
            assertThat(log.messages()).isZero();
        }
    }

    private static void assertMirrors(Site site, boolean apiIsLimited) {
        try (JetStreamClient hub = site.hubJetStream();
                JetStreamClient edge = site.edgeJetStream()) {
            edge.createStream("EVENTS", "plant.events.>");
            edge.publish("plant.events.a", 1, 100);
            hub.createMirror("DENIED", "EVENTS", "edge", "denied"); // deliveries on denied.M.…
            hub.createMirror("MIRROR", "EVENTS", "edge", "");
            hub.awaitSeq("MIRROR", 100, LIMIT);
            hub.createStream("RECIPES", "recipes.>");
            hub.createStream("LOCKED", "locked.>");
            hub.publish("recipes.a", 1, 100);
            hub.publish("locked.a", 1, 100);
            edge.createMirror("LOCKED", "LOCKED", "hub", "");
            edge.createMirror("RECIPES", "RECIPES", "hub", "");
            edge.awaitSeq("RECIPES", 100, LIMIT);
            if (!apiIsLimited) {
                edge.awaitSeq("LOCKED", 100, LIMIT); // what the owner lets the edge copy needs no entry in the lists
            }

            assertThat(hub.lastSeq("DENIED")).isZero();
            assertThat(edge.lastSeq("LOCKED")).isEqualTo(apiIsLimited ? 0 : 100);
        }
    }

    private static void assertNeverClosed(Site site) {
        assertThat(site.network.accepted()).as("connections to the hub").isEqualTo(1);
        assertThat(site.hub.logText()).doesNotContain("Permissions Violation");
    }

    private static String publish(String subject) {
        return "PUB " + subject + " 2\r\nhi\r\n";
    }
}
