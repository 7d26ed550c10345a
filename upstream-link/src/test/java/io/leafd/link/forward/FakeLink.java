package io.leafd.link.forward;

import io.leafd.broker.interest.Publisher;
import io.leafd.protocol.Message;
import io.leafd.protocol.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/** One connection to a {@link FakeHub}: delay, bandwidth, and an end at which part of what is under way still arrives. */
final class FakeLink implements Uplink {
    private final Simulation simulation;
    private final FakeHub hub;
    private final Consumer<Message> answers;
    private final long delayNs;
    private final double bytesPerNs;
    private long freeAtNs; // when the sending side has put everything on the wire
    private long deliveredUntilNs = Long.MAX_VALUE;
    private boolean up = true;
    private boolean overBudget;
    private final List<Runnable> held = new ArrayList<>();
    long sentBytes;
    long sentMessages;
    /** Subjects that permissions let through. */
    Predicate<Subject> permitted = subject -> true;

    FakeLink(Simulation simulation, FakeHub hub, long delayNs, long bytesPerSecond, Consumer<Message> answers) {
        this.simulation = simulation;
        this.hub = hub;
        this.answers = answers;
        this.delayNs = delayNs;
        this.bytesPerNs = bytesPerSecond / 1e9;
        this.freeAtNs = simulation.nowNs();
    }

    /** Ends the connection: a random part of what is under way arrives, no answer does. */
    void cut(RandomGenerator random) {
        up = false;
        deliveredUntilNs = simulation.nowNs() + random.nextLong(delayNs + 1);
    }

    /** The hub lets a new connection of the same name replace this one: nothing more of it is read. */
    void evict() {
        deliveredUntilNs = Math.min(deliveredUntilNs, simulation.nowNs());
    }

    @Override
    public void send(List<Message> batch) {
        for (Message message : batch) {
            sentMessages++;
            sentBytes += message.body().length;
            carry(message.body().length, () -> {
                Message answer = hub.onMessage(message);
                if (answer != null) {
                    simulation.in(delayNs, () -> {
                        if (up) {
                            answers.accept(answer);
                        }
                    });
                }
            });
        }
    }

    @Override
    public boolean writable() {
        return up;
    }

    @Override
    public void fence(Runnable passed) {
        carry(
                6,
                () -> simulation.in(delayNs, () -> {
                    if (up) {
                        passed.run();
                    }
                }));
    }

    @Override
    public boolean overBudget() {
        return overBudget;
    }

    /** What is sent from now on waits, or goes. The forward is to be run next. */
    void overBudget(boolean now) {
        overBudget = now;
        if (!now) {
            held.forEach(Runnable::run);
            held.clear();
        }
    }

    private void carry(int bytes, Runnable arrive) {
        if (!up) {
            return;
        }
        if (overBudget) {
            held.add(() -> carry(bytes, arrive));
            return;
        }
        freeAtNs = Math.max(freeAtNs, simulation.nowNs()) + (long) (bytes / bytesPerNs);
        long arrivesAtNs = freeAtNs + delayNs;
        simulation.at(arrivesAtNs, () -> {
            if (arrivesAtNs <= deliveredUntilNs) {
                arrive.run();
            }
        });
    }

    @Override
    public long rttNs() {
        return 2 * delayNs;
    }

    @Override
    public int payloadMaxBytes() {
        return 1 << 20;
    }

    @Override
    public String apiPrefix() {
        return "$JS.hub.API";
    }

    @Override
    public boolean maySend(Subject subject) {
        return permitted.test(subject);
    }

    @Override
    public boolean mayRequest(Subject subject) {
        return permitted.test(subject);
    }

    @Override
    public boolean isOrigin(Publisher publisher) {
        return true;
    }
}
