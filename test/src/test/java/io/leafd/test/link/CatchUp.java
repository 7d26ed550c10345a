package io.leafd.test.link;

import io.leafd.test.peer.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How fast a hub's mirror of an edge stream catches up after an outage, with leafd as the edge and with a nats-server in its place.
 *
 * <p>Both edges run all the time and their outages take turns, so that what else the machine does hits both alike. A first outage of
 * each does not count: servers of this kind run for months. What counts is the median of the rounds' ratios. {@code main} takes the number of rounds, of messages, and of payload bytes.
 */
public final class CatchUp {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final int messages;
    private final int payloadBytes;

    /** So many messages, of so many bytes, stored during each outage. */
    public CatchUp(int messages, int payloadBytes) {
        this.messages = messages;
        this.payloadBytes = payloadBytes;
    }

    /**
     * What one outage showed.
     *
     * @param first from the link's coming up to the first message at the hub
     * @param perSecond messages a second, from the first to the last
     * @param cpu processor time of the edge from the link's coming up to the last message
     */
    public record Measured(Duration first, double perSecond, Duration cpu) {
        @Override
        public String toString() {
            return "%,.0f msg/s (first after %d ms, cpu %d ms)".formatted(perSecond, first.toMillis(), cpu.toMillis());
        }
    }

    /** One outage of each edge. */
    public record Round(Measured leafd, Measured natsServer) {
        /** How many times a nats-server's rate leafd had. */
        public double ratio() {
            return leafd.perSecond / natsServer.perSecond;
        }
    }

    /** So many rounds, and one before them that does not count. */
    public List<Round> rounds(int count) {
        var rounds = new ArrayList<Round>();
        try (Copied leafd = new Copied(Site.start(Site.UNLIMITED, ""));
                Copied natsServer = new Copied(Site.startWithNatsServer())) {
            for (int i = 0; i <= count; i++) {
                rounds.add(new Round(leafd.outage(), natsServer.outage()));
            }
        }
        return rounds.subList(1, rounds.size());
    }

    /** The middle one of the rounds' ratios. */
    public static double medianRatio(List<Round> rounds) {
        double[] ratios = rounds.stream().mapToDouble(Round::ratio).sorted().toArray();
        return ratios[ratios.length / 2];
    }

    /** A stream of one edge and its mirror at the hub. */
    private final class Copied implements AutoCloseable {
        private final Site site;
        private final JetStreamClient atEdge;
        private final JetStreamClient atHub;
        private int last = 1;

        Copied(Site site) {
            this.site = site;
            this.atEdge = site.edgeJetStream();
            this.atHub = site.hubJetStream();
            atEdge.createStream("EVENTS", "plant.events");
            atEdge.publishBytes("plant.events", last, payloadBytes);
            atHub.createMirror("MIRROR", "EVENTS", "edge");
            atHub.awaitSeq("MIRROR", last, LIMIT);
        }

        Measured outage() {
            site.network.refuse();
            atEdge.publishBytes("plant.events", messages, payloadBytes);
            int before = site.network.accepted();
            site.network.accept();
            Deadline.await("the link is up", LIMIT, () -> site.network.accepted() > before);
            long upNs = System.nanoTime();
            Duration cpu = cpu();
            atHub.awaitSeq("MIRROR", last + 1L, LIMIT);
            long firstNs = System.nanoTime();
            long first = atHub.lastSeq("MIRROR");
            last += messages;
            atHub.awaitSeq("MIRROR", last, LIMIT);
            double seconds = (System.nanoTime() - firstNs) / 1e9;
            return new Measured(Duration.ofNanos(firstNs - upNs), (last - first) / seconds, cpu().minus(cpu));
        }

        private Duration cpu() {
            return ProcessHandle.of(site.edge.pid())
                    .flatMap(process -> process.info().totalCpuDuration())
                    .orElse(Duration.ZERO);
        }

        @Override
        public void close() {
            try (site;
                    atEdge;
                    atHub) {
                assert site.hub.running();
            }
        }
    }

    /** Prints the rounds and the median. */
    public static void main(String[] arguments) {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 3;
        int messages = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 100_000;
        int payloadBytes = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 100;
        List<Round> all = new CatchUp(messages, payloadBytes).rounds(rounds);
        for (Round round : all) {
            System.out.printf("leafd %s, nats-server %s: %.2f%n", round.leafd(), round.natsServer(), round.ratio());
        }
        System.out.printf("median ratio %.2f%n", medianRatio(all));
    }
}
