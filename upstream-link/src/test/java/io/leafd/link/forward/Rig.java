package io.leafd.link.forward;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A forward with everything around it, in virtual time. */
final class Rig {
    static final String SITE = "site-1";

    final Simulation simulation = new Simulation();
    final Random random;
    final FakeStore store;
    final FakeHub hub;
    final ForwardConfig config;
    long delayNs = 10 * Simulation.MS;
    long bytesPerSecond = 10_000_000;
    boolean overBudget; // connections begin so
    Forward forward;

    @Nullable
    FakeLink link;

    private @Nullable FakeLink last;
    private int lives;
    private long alarmAtNs = Long.MAX_VALUE;

    Rig(long seed, boolean captured, FakeHubSettings hubSettings) {
        random = new Random(seed);
        store = new FakeStore(simulation, Simulation.MS, captured);
        hub = new FakeHub(simulation, "HUB", hubSettings.duplicateWindowNs, hubSettings.latestOnly);
        config = new ForwardConfig("f", new ForwardConfig.Stream("LOCAL"), hubSettings.into, null, 5);
        forward = newForward();
    }

    /** What kind of upstream stream. */
    record FakeHubSettings(@Nullable String into, long duplicateWindowNs, boolean latestOnly) {
        static final FakeHubSettings PLAIN = new FakeHubSettings("HUB", 100 * Simulation.MS, false);
    }

    static Rig withHub() {
        return new Rig(1, true, FakeHubSettings.PLAIN);
    }

    FakeLink connect() {
        var newLink = new FakeLink(simulation, hub, delayNs, bytesPerSecond, message -> {
            forward.answer(message.subject(), message);
            run();
        });
        newLink.overBudget(overBudget);
        if (last != null) {
            last.evict();
        }
        last = newLink;
        link = newLink;
        forward.online(newLink);
        run();
        return newLink;
    }

    void cut() {
        FakeLink old = link;
        if (old != null) {
            link = null;
            old.cut(random);
            forward.offline();
            run();
        }
    }

    /** Kill and power cut at once, and a new start; the link is gone, too. */
    void crash() {
        cut();
        store.crash();
        forward = newForward();
        run();
    }

    /** The stream is deleted and made anew while the link is as it is. */
    void remake() {
        forward.stop();
        store.remake();
        forward = newForward();
        if (link != null) {
            forward.online(link);
        }
        run();
    }

    void append(String subject, int bytes) {
        store.append(subject, bytes);
        run();
    }

    boolean drain(long limitNs) {
        return simulation.runUntil(
                () -> store.read(forward.confirmedSeq() + 1, 1, 1).isEmpty() && forward.parked() == 0,
                simulation.nowNs() + limitNs);
    }

    void run() {
        long wakeAtNs = forward.run();
        if (wakeAtNs != Long.MAX_VALUE && wakeAtNs != alarmAtNs) {
            alarmAtNs = wakeAtNs;
            int life = lives;
            simulation.at(wakeAtNs, () -> {
                if (life == lives) {
                    alarmAtNs = alarmAtNs == wakeAtNs ? Long.MAX_VALUE : alarmAtNs;
                    run();
                }
            });
        }
    }

    /** Own messages at the hub by local sequence, in the order they were stored. */
    List<Long> arrived() {
        return hub.ids(SITE + "/").stream()
                .map(id -> Long.parseLong(id.substring(id.lastIndexOf('/') + 1)))
                .toList();
    }

    /** How often each own message was stored at the hub. */
    Map<Long, Integer> counts() {
        var counts = new HashMap<Long, Integer>();
        arrived().forEach(seq -> counts.merge(seq, 1, Integer::sum));
        return counts;
    }

    private Forward newForward() {
        int life = ++lives;
        Executor loop = task -> {
            if (life == lives) {
                task.run();
                run();
            }
        };
        Backlog backlog = new Backlog() {
            @Override
            public long lastSeq() {
                return store.lastSeq();
            }

            @Override
            public List<Item> read(long fromSeq, int countMax, int bytesMax) {
                return store.read(fromSeq, countMax, bytesMax);
            }

            @Override
            public void release(long seq) {
                store.release(seq);
            }

            @Override
            public void save(Progress progress) {
                store.save(progress);
            }

            @Override
            public void save(Parked parked) {
                store.save(parked);
            }

            @Override
            public void afterCommit(Runnable then) {
                store.afterCommit(() -> loop.execute(then));
            }
        };
        var around = new Forward.Surroundings(SITE, "_INBOX.x" + life, loop, simulation::nowNs, simulation, random);
        return new Forward(config, backlog, store.progress(), store.parked(), around);
    }
}
