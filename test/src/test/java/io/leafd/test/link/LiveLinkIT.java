package io.leafd.test.link;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.test.peer.Deadline;
import io.leafd.test.peer.RawClient;
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
    void everyFormOfMessageCrossesUnchanged() {
        try (Site site = Site.start(Site.UNLIMITED, "");
                RawClient hub = site.atHub();
                RawClient edge = site.atEdge()) {
            Site.awaitCrossing("ready.up", edge, hub);
            hub.exchange("SUB up.> 1\r\n");
            edge.exchange("SUB down.> 2\r\nSUB _INBOX.e.* 3\r\n");
            Site.awaitCrossing("fence.up", edge, hub);
            Site.awaitCrossing("fence.down", hub, edge);
            String headers = "NATS/1.0\r\nA: b\r\n\r\n";

            edge.send("PUB up.a 2\r\nhi\r\nHPUB up.b r.1 18 20\r\n" + headers + "hi\r\nPUB up.c 0\r\n\r\n");
            String up = "MSG up.a 1 2\r\nhi\r\nHMSG up.b 1 r.1 18 20\r\n" + headers + "hi\r\nMSG up.c 1 0\r\n\r\n";
            assertThat(hub.exactly(up.length())).isEqualTo(up);
            hub.send("HPUB down.a 18 18\r\n" + headers + "\r\nPUB down.b r.2 2\r\nhi\r\n");
            String down = "HMSG down.a 2 18 18\r\n" + headers + "\r\nMSG down.b 2 r.2 2\r\nhi\r\n";
            assertThat(edge.exactly(down.length())).isEqualTo(down);
            edge.send("PUB nobody.listens _INBOX.e.2 1\r\n?\r\n");
            assertThat(edge.until("\r\n\r\n")).contains("NATS/1.0 503");
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
}
