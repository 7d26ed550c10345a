package io.leafd.app.demo;

import io.leafd.app.child.LeafdProcess;
import io.leafd.app.client.Login;
import io.leafd.app.client.NatsClient;
import io.leafd.app.client.NatsClient.Delivery;
import io.leafd.protocol.json.Json;
import io.leafd.protocol.json.JsonException;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * All sensors of the hall and their connection to the edge. Owned by a thread of its own, but for what says otherwise.
 *
 * <p>A reading counts as taken when the edge has acknowledged it, which means that it is on the edge's disk. Until then it is kept
 * here, and published again, in order and under the same message id, whenever the connection is new. Bound:
 * {@value #UNTAKEN_MAX} readings that nobody takes; the sensors rest while there are so many.
 */
final class Sensors {
    private static final long TICK_MS = 50;
    private static final int UNTAKEN_MAX = 20_000;
    private static final String ACKS = "_INBOX.demo-ack";

    private final LeafdProcess edge;
    private final Clock clock;
    private final List<Sensor> hall = Sensor.hall();
    private final List<List<Reading>> made = new ArrayList<>(); // lists by sensor
    private final Map<String, Reading> untaken = new LinkedHashMap<>(); // by number, in the order of publishing
    private final Queue<String> taken = new ConcurrentLinkedQueue<>();
    private final Thread thread = Thread.ofPlatform().name("sensors").daemon().unstarted(this::run);
    private long published;
    private @Nullable NatsClient client;
    private volatile boolean measuring = true;
    private volatile boolean ended;
    private volatile int untakenCount;
    private volatile @Nullable String refusal;

    /** Sensors that publish to {@code edge} once they are started. */
    Sensors(LeafdProcess edge, Clock clock) {
        this.edge = edge;
        this.clock = clock;
        hall.forEach(sensor -> made.add(new CopyOnWriteArrayList<>()));
    }

    void start() {
        thread.start();
    }

    /** All of them, press by press. Any thread. */
    List<Sensor> hall() {
        return hall;
    }

    /** What each sensor has measured so far, in the order of {@link #hall}; the lists grow. Any thread. */
    List<List<Reading>> made() {
        return made;
    }

    /** Ends measuring; what the edge has not yet taken is still published. Any thread. */
    void rest() {
        measuring = false;
    }

    /** Whether the edge has taken everything. Any thread. */
    boolean allTaken() {
        return !measuring && untakenCount == 0;
    }

    /** Why the edge did not take a reading, null if it never refused. Any thread. */
    @Nullable
    String refusal() {
        return refusal;
    }

    /** Ends the thread and the connection, whatever was taken. */
    void end() throws InterruptedException {
        ended = true;
        thread.join();
        disconnect();
    }

    private void run() {
        try {
            while (!ended) {
                noteTaken();
                connect();
                if (measuring && untaken.size() < UNTAKEN_MAX) {
                    measure();
                }
                TimeUnit.MILLISECONDS.sleep(TICK_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void measure() {
        for (int i = 0; i < hall.size(); i++) {
            List<Reading> before = made.get(i);
            Reading reading = Reading.of(hall.get(i), before.size() + 1, clock.instant());
            String number = Long.toString(++published);
            untaken.put(number, reading);
            untakenCount = untaken.size();
            before.add(reading);
            publish(number, reading);
        }
    }

    private void noteTaken() {
        for (String number = taken.poll(); number != null; number = taken.poll()) {
            untaken.remove(number);
        }
        untakenCount = untaken.size();
    }

    private void publish(String number, Reading reading) {
        if (client == null) {
            return; // it is published when there is a connection again
        }
        try {
            client.publish(reading.sensor().subject(), ACKS + "." + number, reading.id(), reading.payload());
        } catch (IOException e) {
            disconnect();
        }
    }

    /** Makes a connection if there is none, and publishes again what was not taken over the last one. */
    private void connect() {
        if (client != null && !client.closed()) {
            return;
        }
        disconnect();
        try {
            NatsClient made = NatsClient.connect(edge.address("clients"), Demo.NAME, Login.NONE);
            client = made;
            made.subscribe(ACKS + ".*", delivery -> onAnswer(made, delivery));
            untaken.forEach(this::publish);
        } catch (IOException notYet) {
            disconnect(); // the edge is away; the next tick tries again
        }
    }

    private void disconnect() {
        if (client != null) {
            client.close();
            client = null;
        }
    }

    /** On the reading thread: {@code {"stream":"…","seq":17}}, or an error, after which all is published again. */
    private void onAnswer(NatsClient from, Delivery delivery) {
        String number = delivery.subject().substring(ACKS.length() + 1);
        try {
            Map<String, @Nullable Object> answer = Json.parseObject(delivery.payload());
            if (answer.get("error") instanceof Map<?, ?> error) {
                refusal = String.valueOf(error.get("description"));
                from.close();
            } else {
                taken.add(number);
            }
        } catch (JsonException e) {
            refusal = "no stream of the edge takes it"; // an empty answer: nobody listens
            from.close();
        }
    }
}
