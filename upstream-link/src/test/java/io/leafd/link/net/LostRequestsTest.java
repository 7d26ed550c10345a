package io.leafd.link.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.link.LinkRules;
import io.leafd.link.Links;
import io.leafd.link.UpstreamLink;
import io.leafd.link.budget.Ledger;
import io.leafd.security.login.UserDirectory;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is done about requests that an upstream sent while the link was down, seen byte by byte. */
class LostRequestsTest {
    private static final Pattern DELIVER = Pattern.compile("\"deliver_subject\":\"(\\$JSC\\.R\\.[0-9A-Za-z]{8})\"");

    private final LeafRig edge = new LeafRig("edge", UserDirectory.open("A"));
    private final ServerSocket listener = ScriptedPeer.listen();
    private final Links links =
            new Links(edge.server, new SocketDialler(edge.broker.loops()), edge.control, Ledger.NONE);

    @AfterEach
    void close() throws IOException {
        links.close();
        listener.close();
        edge.close();
    }

    @Test
    void aRequestThatNobodyAnswersIsAnsweredSoThatThePeerAsksAgain() {
        try (ScriptedPeer hub = joined("", "LS+ foo\r\nLS+ $JSC.R.stale123\r\n")) {
            hub.lineWhere(line -> line.startsWith("LMSG $JSC.R.stale123 "));
            String deliver = deliverSubject(hub.line());
            hub.send("LS- $JSC.R.stale123\r\nLS+ " + deliver + "\r\n");

            assertThat(hub.line()).startsWith("HMSG " + deliver + " ");
            assertThat(hub.line()).isEqualTo("NATS/1.0 100 Idle Heartbeat");
            assertThat(hub.line()).isEqualTo("Nats-Last-Consumer: 1");
            assertThat(hub.line()).isEqualTo("Nats-Last-Stream: 0");
            hub.line();
            hub.line();
            assertThat(hub.line()).as("once more, a second later").startsWith("HMSG " + deliver + " ");
            hub.send("LS- " + deliver + "\r\n");
            assertThat(hub.untilPong()).doesNotContain("HMSG");
        }
    }

    @Test
    void whatOthersAnswerAndWhatIsAskedLaterIsLeftAlone() {
        try (ScriptedPeer hub = joined("", "LS+ $JSC.R.answered\r\nLS+ $JSC.R.stale123\r\n")) {
            hub.lineWhere(line -> line.equals("PONG"));
            hub.send("LS- $JSC.R.answered\r\nLS+ $JSC.R.later123\r\n");
            String first = hub.lineWhere(line -> line.startsWith("LMSG $JSC."));
            assertThat(first).startsWith("LMSG $JSC.R.stale123 ");
            hub.line();
            assertThat(hub.untilPong()).doesNotContain("$JSC.R.later123", "$JSC.R.answered");
        }
    }

    @Test
    void nothingIsSentThatThePeerDoesNotPermit() {
        String limited = "\"export\":{\"allow\":[\"$JSC.R.>\"],\"deny\":[\"$JSC.R.denied12\"]},";
        try (ScriptedPeer hub = joined(limited, "LS+ $JSC.R.denied12\r\nLS+ $JSC.R.stale123\r\n")) {
            assertThat(hub.lineWhere(line -> line.startsWith("LMSG "))).startsWith("LMSG $JSC.R.stale123 ");
            hub.line();
            assertThat(hub.untilPong()).doesNotContain("$JSC.R.denied12");
        }
    }

    private ScriptedPeer joined(String fields, String interest) {
        UpstreamLink link = links.add(edge.plan(listener.getLocalPort(), LinkRules.OPEN));
        link.start();
        ScriptedPeer hub = ScriptedPeer.accept(listener).send(ScriptedPeer.INFO);
        hub.lineWhere(line -> line.startsWith("CONNECT"));
        return hub.send(ScriptedPeer.accepted(fields) + interest + "PING\r\n");
    }

    private static String deliverSubject(String answer) {
        Matcher matcher = DELIVER.matcher(answer);
        assertThat(matcher.find()).as(answer).isTrue();
        return matcher.group(1);
    }
}
