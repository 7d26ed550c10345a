package io.leafd.app.demo;

import io.leafd.app.client.Login;
import io.leafd.app.demo.StreamView.Content;
import io.leafd.protocol.json.JsonWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The story: readings flow, the link is cut, the edge is killed and comes back, the link is mended, everything has arrived. Owned by
 * the main thread. Every number is counted by the side that it is about, or by reading the hub's stream back; none is assumed.
 */
public final class Demo {
    /** What the servers' monitoring calls the demo's clients. */
    static final String NAME = "leafd demo";

    private static final int OK = 0;
    private static final int FAILED = 1;
    private static final Duration START_MAX = Duration.ofSeconds(60);
    private static final Duration DRAIN_MAX = Duration.ofSeconds(90);
    private static final Duration CALM = Duration.ofSeconds(4);
    private static final Duration CUT = Duration.ofSeconds(4);
    private static final Duration DEAD = Duration.ofSeconds(1);
    private static final Duration BACK = Duration.ofSeconds(2);
    private static final Duration LINKED_AGAIN = Duration.ofSeconds(2);
    private static final long LOOK_EVERY_MS = 250;

    private final Site site;
    private final Board board;
    private final Sensors sensors;
    private final StreamView edgeView;
    private final StreamView hubView;
    private String link = "not yet";

    /**
     * How it is told.
     *
     * @param answer standard output
     * @param talk   standard error
     * @param live   whether {@code answer} is a terminal on which the cursor can be moved
     * @param json   one JSON document as the answer instead; the story goes to {@code talk}
     * @param keep   whether the directories stay
     */
    public record Options(PrintStream answer, PrintStream talk, boolean live, boolean json, boolean keep) {}

    private Demo(Site site, Board board) {
        this.site = site;
        this.board = board;
        this.sensors = new Sensors(site.edge(), Clock.systemUTC());
        this.edgeView = new StreamView(site.edge(), Login.NONE, Site.EDGE_STREAM);
        this.hubView = new StreamView(site.hub(), Login.of(site.readerKey()), Site.HUB_STREAM);
    }

    /**
     * Plays it once.
     *
     * @return exit code: 0 if everything arrived once and in order
     */
    public static int run(Options options) throws IOException, InterruptedException {
        var out = new PrintStream(options.json() ? options.talk() : options.answer(), true, StandardCharsets.UTF_8);
        Site site = Site.make();
        var end = new SiteEnd(site, options.keep());
        Runtime.getRuntime().addShutdownHook(end.onInterrupt());
        var demo = new Demo(site, new Board(out, options.live() && !options.json(), System::nanoTime));
        try {
            Verdict verdict = demo.play();
            demo.board.table(verdict.lines(), verdict.total());
            demo.board.say(verdict.sentence());
            if (options.json()) {
                options.answer().println(new JsonWriter().tree(verdict.tree()));
            }
            return verdict.good() ? OK : FAILED;
        } finally {
            demo.end();
            end.come();
            if (options.keep()) {
                options.talk().println("kept: " + site.directory() + " (hub and edge: leafd.toml, data, log)");
            }
        }
    }

    private Verdict play() throws IOException, InterruptedException {
        start();
        board.tell("edge and hub are linked; " + sensors.hall().size() + " sensors publish to the edge");
        sensors.start();
        watch(CALM);
        Cable cable = site.cable();
        cable.cut();
        link = "CUT";
        board.tell("the link is cut; the edge goes on taking readings, and holds them on its disk");
        watch(CUT);
        killEdge();
        watch(DEAD);
        site.edge().launch();
        board.tell("the edge is started again on the same disk; the link is still cut");
        watchUntil("the edge serves again", START_MAX, site.edge()::ready);
        watch(BACK);
        Map<String, Long> held = held();
        cable.mend();
        link = "mended";
        board.tell("the link is mended; nobody tells the edge, it finds out by dialling");
        watchUntil("the edge has linked up again", DRAIN_MAX, this::linked);
        link = "up";
        watch(LINKED_AGAIN);
        sensors.rest();
        board.tell("the sensors rest; what the edge still holds goes up");
        watchUntil("the edge holds nothing any more", DRAIN_MAX, this::drained);
        return audit(held);
    }

    private void start() throws IOException, InterruptedException {
        board.tell("starting a hub: leafd with the stream " + Site.HUB_STREAM);
        site.hub().launch();
        await("the hub serves", START_MAX, site.hub()::ready);
        site.layCable();
        board.tell("starting an edge: leafd that forwards plant.> into it, logged in with an NKEY");
        site.edge().launch();
        await("the edge serves", START_MAX, site.edge()::ready);
        await("edge and hub are linked", START_MAX, this::linked);
        link = "up";
    }

    private void killEdge() throws InterruptedException {
        long pid = site.edge().pid();
        site.edge().kill();
        board.tell("kill -9 " + pid + ": the edge is gone; the sensors keep what it has not acknowledged");
    }

    /** What the edge holds, which was killed since: so this is what its disk held. */
    private Map<String, Long> held() throws IOException {
        Content content = edgeView.look();
        if (content == null) {
            throw new IOException("the edge does not answer:\n" + site.edge().logTail());
        }
        board.tell("the edge holds " + content.all() + " readings");
        return content.counts();
    }

    private Verdict audit(Map<String, Long> held) throws IOException {
        Content content = hubView.look();
        if (content == null) {
            throw new IOException("the hub does not answer:\n" + site.hub().logTail());
        }
        board.tell("reading the hub's stream back, from the first message to the last");
        var received = Audit.read(hubView.client(), Site.HUB_STREAM, content.all());
        return Verdict.of(Audit.compare(sensors.made(), held, received), received.size());
    }

    private boolean linked() {
        return site.edge().linked("hub");
    }

    private boolean drained() {
        Content content = sensors.allTaken() ? edgeView.look() : null;
        return content != null && content.all() == 0;
    }

    /** A condition of the outside world. */
    private interface Condition {
        boolean holds() throws IOException;
    }

    /** Shows what happens for a while. */
    private void watch(Duration time) throws InterruptedException {
        long untilNs = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < untilNs) {
            look();
        }
    }

    /** Shows what happens until {@code condition} holds; or says that it did not in time, and goes on to the audit with that. */
    private void watchUntil(String what, Duration limit, Condition condition) throws IOException, InterruptedException {
        long untilNs = System.nanoTime() + limit.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > untilNs) {
                board.tell("waited " + limit.toSeconds() + " s in vain: " + what + unwilling());
                return;
            }
            look();
        }
    }

    private String unwilling() {
        String refusal = sensors.refusal();
        return refusal == null ? "" : " (the edge refused a reading: " + refusal + ")";
    }

    private void look() throws InterruptedException {
        board.show(new Snapshot(sensors.made(), edgeView.look(), hubView.look(), link));
        TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MS);
    }

    private static void await(String what, Duration limit, Condition condition)
            throws IOException, InterruptedException {
        long untilNs = System.nanoTime() + limit.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > untilNs) {
                throw new IOException("waited " + limit.toSeconds() + " s in vain: " + what);
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MS);
        }
    }

    private void end() throws InterruptedException {
        sensors.end();
        edgeView.close();
        hubView.close();
    }
}
