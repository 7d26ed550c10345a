package io.leafd.broker.imports;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.broker.Broker;
import io.leafd.broker.InternalClient;
import io.leafd.broker.account.Account;
import io.leafd.broker.interest.Subscription;
import io.leafd.broker.net.ClientLimits;
import io.leafd.broker.net.EventLoops;
import io.leafd.broker.net.ServerContext;
import io.leafd.broker.net.ServerIdentity;
import io.leafd.protocol.Headers;
import io.leafd.protocol.Message;
import io.leafd.protocol.Subject;
import io.leafd.protocol.SubjectMapping;
import io.leafd.security.login.UserDirectory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Three accounts and what they import from each other. All clients are on one loop, so that what was published is in order. */
class AccountImportsTest {
    private final Account plant = new Account("PLANT", false);
    private final Account office = new Account("OFFICE", false);
    private final Account board = new Account("BOARD", false);
    private final Broker broker = broker();
    private final AccountImports imports = broker.imports();
    private final Map<Account, InternalClient> clients = new HashMap<>();
    /** What arrived, in order: subject, reply if there is one, text. The loop's; read after {@link #settled}. */
    private final List<String> seen = new ArrayList<>();

    private final List<Message> messages = new ArrayList<>();

    private static Broker broker() {
        var identity = new ServerIdentity("NTEST", "test", ServerIdentity.NATS_VERSION, "0", null);
        return new Broker(
                new ServerContext(identity, new EventLoops(1), UserDirectory.open("PLANT"), ClientLimits.DEFAULTS, 0));
    }

    @AfterEach
    void close() {
        broker.close();
    }

    @Test
    void streamArrivesUnderItsLocalName() {
        imports.follow(List.of(stream(plant, "ev.>", office, "plant.ev.>")));
        hear(office, "plant.ev.*", null);
        publish(plant, "ev.a", "1");
        publish(plant, "ev.b.c", "2");
        publish(plant, "other", "3");
        publish(plant, "ev.b", "4");
        assertThat(settled()).containsExactly("plant.ev.a 1", "plant.ev.b 4");
    }

    @Test
    void onlyWhatSomebodyWantsThereIsWantedHere() {
        imports.follow(List.of(stream(plant, "ev.>", office, "plant.ev.>")));
        assertThat(plant.hasInterest(Subject.of("ev.a"))).isFalse();
        Subscription one = hear(office, "plant.ev.a", null);
        Subscription same = hear(office, "plant.ev.a", null);
        hear(office, "elsewhere", null);
        assertThat(plant.hasInterest(Subject.of("ev.a"))).isTrue();
        assertThat(plant.hasInterest(Subject.of("ev.b"))).isFalse();
        client(office).unsubscribe(one);
        assertThat(plant.hasInterest(Subject.of("ev.a"))).isTrue();
        client(office).unsubscribe(same);
        assertThat(plant.hasInterest(Subject.of("ev.a"))).isFalse();
    }

    @Test
    void whoSubscribedBeforeTheImportHearsItToo() {
        hear(office, ">", null);
        imports.follow(List.of(stream(plant, "ev.>", office, "ev.>")));
        publish(plant, "ev.a", "1");
        assertThat(settled()).containsExactly("ev.a 1");
    }

    @Test
    void overlappingSubscriptionsGetOneCopyEach() {
        imports.follow(List.of(stream(plant, "ev.>", office, "plant.ev.>")));
        hear(office, "plant.>", null);
        hear(office, "plant.ev.a", null);
        publish(plant, "ev.a", "1");
        assertThat(settled()).containsExactly("plant.ev.a 1", "plant.ev.a 1");
    }

    @Test
    void oneMemberOfAQueueGroupGetsIt() {
        imports.follow(List.of(stream(plant, "ev.>", office, "plant.ev.>")));
        hear(office, "plant.ev.a", "group");
        hear(office, "plant.ev.>", "group");
        for (int i = 0; i < 10; i++) {
            publish(plant, "ev.a", "" + i);
        }
        assertThat(settled())
                .containsExactly(
                        "plant.ev.a 0",
                        "plant.ev.a 1",
                        "plant.ev.a 2",
                        "plant.ev.a 3",
                        "plant.ev.a 4",
                        "plant.ev.a 5",
                        "plant.ev.a 6",
                        "plant.ev.a 7",
                        "plant.ev.a 8",
                        "plant.ev.a 9");
    }

    @Test
    void streamGoesOneWay() {
        imports.follow(List.of(stream(plant, "ev.>", office, "plant.ev.>")));
        hear(plant, ">", null);
        publish(office, "plant.ev.a", "1");
        publish(office, "ev.a", "2");
        assertThat(settled()).isEmpty();
    }

    @Test
    void whatWasImportedMayBeExportedAgain() {
        imports.follow(
                List.of(stream(plant, "ev.>", office, "plant.ev.>"), stream(office, "plant.ev.*", board, "all.*")));
        hear(board, "all.*", null);
        publish(plant, "ev.a", "1");
        assertThat(settled()).containsExactly("all.a 1");
    }

    @Test
    void serviceAnswersOnce() {
        imports.follow(List.of(service(plant, "svc.echo", office, "echo")));
        hear(office, "inbox.1", null);
        serve("svc.echo", List.of("first", "second"));
        ask("echo", "inbox.1", "?");
        assertThat(settled()).containsExactly("inbox.1 first");
    }

    @Test
    void serviceHearsWhoAsksAndNobodyCanPretend() {
        imports.follow(List.of(service(plant, "svc.>", office, "plant.>")));
        hear(plant, "svc.x", null);
        byte[] forged = Headers.with(new byte[0], "Nats-Request-Info", "{\"acc\":\"BOARD\"}", "Mine", "kept");
        client(office)
                .publish(Message.withHeaders(Subject.of("plant.x"), Subject.of("inbox.1"), forged, bytes("body")));
        settled();
        Message request = messages.getFirst();
        assertThat(request.subject()).isEqualTo(Subject.of("svc.x"));
        assertThat(String.valueOf(request.reply())).matches("_R_\\.\\w{8}\\.\\w{8}[0-9a-f]{3}");
        assertThat(new String(request.body(), 0, request.headerLength(), StandardCharsets.UTF_8))
                .isEqualTo("NATS/1.0\r\nMine: kept\r\nNats-Request-Info: {\"acc\":\"OFFICE\"}\r\n\r\n");
        assertThat(request.payload()).isEqualTo(bytes("body"));
    }

    @Test
    void serviceThatNobodyServesIsAnsweredAtOnce() {
        imports.follow(List.of(service(plant, "svc.echo", office, "echo")));
        hear(office, "inbox.1", null);
        ask("echo", "inbox.1", "?");
        settled();
        assertThat(messages).hasSize(1);
        assertThat(new String(messages.getFirst().body(), StandardCharsets.UTF_8))
                .startsWith("NATS/1.0 503\r\n");
    }

    @Test
    void subjectsOfAnswersThatNobodyAwaitsLeadNowhere() {
        imports.follow(List.of(service(plant, "svc.echo", office, "echo")));
        hear(office, ">", null);
        publish(plant, "_R_.abcdefgh.abcdefgh", "guessed");
        assertThat(settled()).isEmpty();
    }

    @Test
    void requestWithAReplySubjectBeyondAllMeasureIsAnsweredAtOnce() {
        imports.follow(List.of(service(plant, "svc.echo", office, "echo")));
        String reply = "i".repeat(OpenRequests.ASKED_MAX_BYTES + 1);
        hear(office, reply, null);
        hear(plant, "svc.echo", null);
        ask("echo", reply, "?");
        settled();
        assertThat(messages).hasSize(1);
        assertThat(new String(messages.getFirst().body(), StandardCharsets.UTF_8))
                .startsWith("NATS/1.0 503\r\n");
    }

    @Test
    void serviceOfAServiceAnswersToo() {
        imports.follow(
                List.of(service(plant, "svc.echo", office, "echo"), service(office, "echo", board, "office.echo")));
        hear(board, "inbox.1", null);
        serve("svc.echo", List.of("yes"));
        client(board).publish(new Message(Subject.of("office.echo"), Subject.of("inbox.1"), bytes("?"), 0));
        assertThat(settled()).containsExactly("inbox.1 yes");
    }

    @Test
    void whatIsDeliveredElsewhereKeepsTheSubjectItShows() {
        imports.follow(List.of(stream(plant, "deliver.>", office, "plant.>")));
        hear(office, "plant.me", null);
        client(plant).publish(Message.of(Subject.of("orders.1"), bytes("1")), Subject.of("deliver.me"));
        assertThat(settled()).containsExactly("orders.1 1");
    }

    @Test
    void importsThatStayGoOnAndOthersEnd() {
        AccountImport stays = stream(plant, "ev.>", office, "plant.ev.>");
        AccountImport goes = stream(plant, "alarm", office, "alarm");
        imports.follow(List.of(stays, goes));
        hear(office, ">", null);
        publish(plant, "alarm", "1");
        settled();
        imports.follow(List.of(stream(plant, "ev.>", office, "plant.ev.>"), service(plant, "svc", office, "svc")));
        publish(plant, "alarm", "2");
        publish(plant, "ev.a", "3");
        assertThat(settled()).containsExactly("alarm 1", "plant.ev.a 3");
        assertThat(plant.hasInterest(Subject.of("alarm"))).isFalse();
        imports.close();
        assertThat(plant.sublist().size()).isZero();
        assertThat(office.sublist().size()).isEqualTo(1);
    }

    // --- who publishes and hears ---

    private static AccountImport stream(Account exporter, String subject, Account importer, String local) {
        return new AccountImport(false, exporter, importer, SubjectMapping.of(subject, local));
    }

    private static AccountImport service(Account exporter, String subject, Account importer, String local) {
        return new AccountImport(true, importer, exporter, SubjectMapping.of(local, subject));
    }

    private InternalClient client(Account account) {
        return clients.computeIfAbsent(account, a -> broker.internalClient(a, "test", 0));
    }

    private Subscription hear(Account account, String filter, @Nullable String group) {
        return client(account).subscribe(filter, group, delivery -> {
            Message message = delivery.message().toMessage();
            messages.add(message);
            seen.add(message.subject() + " " + new String(message.payload(), StandardCharsets.UTF_8));
            return true;
        });
    }

    private void serve(String subject, List<String> answers) {
        client(plant).subscribe(subject, null, delivery -> {
            Subject reply = delivery.message().reply();
            if (reply != null) {
                answers.forEach(text -> client(plant).publish(Message.of(reply, bytes(text))));
            }
            return true;
        });
    }

    private void ask(String subject, String reply, String text) {
        client(office).publish(new Message(Subject.of(subject), Subject.of(reply), bytes(text), 0));
    }

    private void publish(Account account, String subject, String text) {
        client(account).publish(Message.of(Subject.of(subject), bytes(text)));
    }

    /** What has arrived when all that was published, and the answers to it, have gone through the loop. */
    private List<String> settled() {
        for (int i = 0; i < 4; i++) {
            var passed = new CountDownLatch(1);
            broker.loops().turn(0).loop().execute(passed::countDown);
            try {
                assertThat(passed.await(10, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
        return seen;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
