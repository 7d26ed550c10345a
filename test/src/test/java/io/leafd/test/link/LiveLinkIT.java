package io.leafd.test.link;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.test.peer.Deadline;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.nats.client.Subscription;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What crosses a link that is up, and what must not. */
@Tag("conformance")
class LiveLinkIT {

    private static final int MESSAGES = 1_000;

    @Test
    void messagesCrossBothWaysInOrder() throws Exception {
        try (Site site = Site.start(Site.UNLIMITED, "");
                Connection hub = Programs.atHub(site);
                Connection edge = Programs.atEdge(site)) {
            assertCrossInOrder(edge, hub, "plant.readings");
            assertCrossInOrder(hub, edge, "cmd.settings");
        }
    }

    @Test
    void requestsCrossBothWays() throws Exception {
        try (Site site = Site.start(Site.UNLIMITED, "");
                Connection hub = Programs.atHub(site);
                Connection edge = Programs.atEdge(site)) {
            Programs.awaitCrossing(edge, hub, "probe.up");
            Programs.awaitCrossing(hub, edge, "probe.down");
            assertRequests(hub, edge, "service.at.edge");
            assertRequests(edge, hub, "service.at.hub");
        }
    }

    @Test
    void memberOfAQueueGroupNearThePublisherIsPreferred() throws Exception {
        try (Site site = Site.start(Site.UNLIMITED, "");
                Connection hub = Programs.atHub(site);
                Connection edge = Programs.atEdge(site)) {
            Programs.awaitCrossing(edge, hub, "probe.up");
            Subscription far = hub.subscribe("work", "group");
            Programs.flush(hub);
            Deadline.await("the far member alone to be found", Deadline.ANSWER, () -> {
                Programs.publish(edge, "work", "probe");
                Programs.flush(edge);
                return far.getPendingMessageCount() > 0;
            });
            Subscription near = edge.subscribe("work", "group");
            Subscription end = hub.subscribe("end");
            Programs.flush(hub);
            Programs.flush(edge);
            Programs.awaitCrossing(edge, hub, "end");
            long before = far.getPendingMessageCount();
            for (int i = 0; i < 50; i++) {
                Programs.publish(edge, "work", "near");
            }
            Programs.publish(edge, "end", "now");
            Programs.flush(edge);
            while (!"now".equals(Programs.next(end))) {
                assertThat(end.isActive()).isTrue();
            }
            assertThat(near.getPendingMessageCount()).isEqualTo(50);
            assertThat(far.getPendingMessageCount()).isEqualTo(before);
        }
    }

    @Test
    void onlyWhatIsListedCrosses() throws Exception {
        try (Site site = Site.start(Site.UNLIMITED, "export = [\"plant.>\"]\nimport = [\"cmd.>\"]");
                Connection hub = Programs.atHub(site);
                Connection edge = Programs.atEdge(site)) {
            Programs.awaitCrossing(edge, hub, "plant.probe");
            Programs.awaitCrossing(hub, edge, "cmd.probe");
            assertPasses(edge, hub, List.of("private.a", "cmd.up", "plant"), "plant.last");
            assertPasses(hub, edge, List.of("private.b", "plant.down", "cmd"), "cmd.last");
        }
    }

    @Test
    void permissionsAtTheHubAreNeverExceeded() throws Exception {
        String permissions =
                ", permissions: { publish: { allow: [\"plant.>\", \"_INBOX.>\"], deny: [\"plant.secret.>\"] },"
                        + " subscribe: { allow: [\"cmd.>\"], deny: [\"cmd.secret\"] } }";
        try (Site site = Site.start(permissions, "");
                Connection hub = Programs.atHub(site);
                Connection edge = Programs.atEdge(site)) {
            Programs.awaitCrossing(edge, hub, "plant.probe");
            Programs.awaitCrossing(hub, edge, "cmd.probe");
            assertPasses(edge, hub, List.of("other.a", "plant.secret.a", "cmd.up"), "plant.last");
            assertPasses(hub, edge, List.of("other.b", "cmd.secret", "plant.down"), "cmd.last");
            assertThat(site.network.accepted())
                    .as("the hub closes a leaf that exceeds its permissions")
                    .isEqualTo(1);
        }
    }

    @Test
    void thousandsOfLocalSubscriptionsOutsideTheListSendNothingUp() throws Exception {
        try (Site site = Site.start(Site.UNLIMITED, "export = [\"plant.>\"]\nimport = [\"cmd.>\"]");
                Connection hub = Programs.atHub(site);
                Connection edge = Programs.atEdge(site)) {
            Programs.awaitCrossing(edge, hub, "plant.probe");
            long before = site.network.up().passedBytes();
            for (int i = 0; i < 5_000; i++) {
                edge.subscribe("local." + i);
            }
            Programs.flush(edge);
            Programs.awaitCrossing(edge, hub, "plant.after");
            assertThat(site.network.up().passedBytes() - before).isLessThan(4_000);
        }
    }

    private static void assertCrossInOrder(Connection from, Connection to, String subject) {
        Programs.awaitCrossing(from, to, subject);
        Subscription subscription = to.subscribe(subject);
        Programs.flush(to);
        Programs.awaitCrossing(from, to, subject);
        for (int i = 0; i < MESSAGES; i++) {
            Programs.publish(from, subject, Integer.toString(i));
        }
        Programs.flush(from);
        for (int i = 0; i < MESSAGES; i++) {
            String text = Programs.next(subscription);
            while (text != null && text.isEmpty()) { // a probe
                text = Programs.next(subscription);
            }
            assertThat(text).isEqualTo(Integer.toString(i));
        }
        Programs.flush(to);
        assertThat(subscription.getPendingMessageCount()).isZero();
    }

    private static void assertRequests(Connection requester, Connection service, String subject) throws Exception {
        Dispatcher dispatcher = service.createDispatcher(message ->
                service.publish(message.getReplyTo(), ("re " + new String(message.getData(), UTF_8)).getBytes(UTF_8)));
        dispatcher.subscribe(subject);
        Programs.flush(service);
        Deadline.await("the service to be known on the other side", Deadline.START, () -> {
            try {
                Message answer = requester.request(subject, "probe".getBytes(UTF_8), Deadline.ANSWER);
                return answer != null && !answer.isStatusMessage();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        });
        List<CompletableFuture<Message>> answers = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            answers.add(requester.request(subject, Integer.toString(i).getBytes(UTF_8)));
        }
        for (int i = 0; i < 200; i++) {
            assertThat(answers.get(i).get(15, TimeUnit.SECONDS).getData())
                    .asString(UTF_8)
                    .isEqualTo("re " + i);
        }
    }

    /** Publishes the forbidden subjects first; when the allowed one has arrived they would have, too. */
    private static void assertPasses(Connection from, Connection to, List<String> forbidden, String allowed) {
        Subscription wide = to.subscribe(">"); // wider than anything allowed: each message is judged
        Subscription wanted = to.subscribe(allowed);
        List<Subscription> unwanted = forbidden.stream().map(to::subscribe).toList();
        Programs.flush(to);
        Programs.awaitCrossing(from, to, allowed);
        for (String subject : forbidden) {
            Programs.publish(from, subject, "must not cross");
        }
        Programs.publish(from, allowed, "last");
        Programs.flush(from);
        while (!"last".equals(Programs.next(wanted))) {
            assertThat(wanted.isActive()).isTrue();
        }
        Programs.flush(to);
        assertThat(unwanted)
                .allSatisfy(subscription -> assertThat(subscription.getPendingMessageCount())
                        .as(subscription.getSubject())
                        .isZero());
        wide.unsubscribe();
    }
}
