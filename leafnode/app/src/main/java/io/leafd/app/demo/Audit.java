package io.leafd.app.demo;

import io.leafd.app.client.NatsClient;
import io.leafd.protocol.json.Json;
import io.leafd.protocol.json.JsonException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Compares what the sensors measured with every message of the hub's stream, read back from the first to the last. Owned by the
 * main thread.
 */
final class Audit {
    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final long SILENCE_SECONDS = 10;

    private Audit() {}

    /**
     * What became of the readings of one sensor. Immutable.
     *
     * @param sent       measured and given to the edge
     * @param held       waited at the edge when the link was mended
     * @param received   messages in the hub's stream
     * @param lost       sent and not received
     * @param duplicates received more than once
     * @param disordered received behind a later one
     * @param altered    received with other bytes than were sent, or never sent
     */
    record Line(
            Sensor sensor,
            long sent,
            long held,
            long received,
            long lost,
            long duplicates,
            long disordered,
            long altered) {
        boolean good() {
            return lost == 0 && duplicates == 0 && disordered == 0 && altered == 0;
        }
    }

    /**
     * Reads the whole stream, in its order.
     *
     * @param messages that it holds
     * @throws IOException if the hub does not deliver them
     */
    static List<NatsClient.Delivery> read(NatsClient hub, String stream, long messages) throws IOException {
        var queue = new LinkedBlockingQueue<NatsClient.Delivery>();
        String target = "_INBOX.demo-audit";
        hub.subscribe(target, queue::add);
        hub.ask(
                "$JS.API.CONSUMER.CREATE." + stream,
                "{\"stream_name\":\"" + stream + "\",\"config\":{\"deliver_subject\":\"" + target
                        + "\",\"ack_policy\":\"none\",\"deliver_policy\":\"all\",\"replay_policy\":\"instant\"}}",
                ANSWER);
        var all = new ArrayList<NatsClient.Delivery>();
        try {
            while (all.size() < messages) {
                NatsClient.Delivery next = queue.poll(SILENCE_SECONDS, TimeUnit.SECONDS);
                if (next == null) {
                    throw new IOException("the hub delivered " + all.size() + " of " + messages + " messages");
                }
                all.add(next);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        return all;
    }

    /**
     * One line for each sensor.
     *
     * @param made readings by sensor
     * @param held readings that waited at the edge, by subject
     * @param received the hub's messages in their order
     */
    static List<Line> compare(List<List<Reading>> made, Map<String, Long> held, List<NatsClient.Delivery> received) {
        Map<String, List<byte[]>> bySubject = new HashMap<>();
        received.forEach(message -> bySubject
                .computeIfAbsent(message.subject(), subject -> new ArrayList<>())
                .add(message.payload()));
        var lines = new ArrayList<Line>();
        for (List<Reading> sent : made) {
            if (!sent.isEmpty()) {
                Sensor sensor = sent.getFirst().sensor();
                lines.add(line(
                        sent,
                        held.getOrDefault(sensor.subject(), 0L),
                        bySubject.getOrDefault(sensor.subject(), List.of())));
            }
        }
        return lines;
    }

    private static Line line(List<Reading> sent, long held, List<byte[]> received) {
        var seen = new BitSet();
        long duplicates = 0;
        long disordered = 0;
        long altered = 0;
        for (byte[] payload : received) {
            int seq = seq(payload);
            if (seq < 1
                    || seq > sent.size()
                    || !Arrays.equals(payload, sent.get(seq - 1).payload())) {
                altered++;
            } else if (seen.get(seq)) {
                duplicates++;
            } else {
                disordered += seen.length() > seq ? 1 : 0;
                seen.set(seq);
            }
        }
        return new Line(
                sent.getFirst().sensor(),
                sent.size(),
                held,
                received.size(),
                sent.size() - seen.cardinality(),
                duplicates,
                disordered,
                altered);
    }

    /** The reading's own number, 0 if the payload is none. */
    private static int seq(byte[] payload) {
        try {
            return Json.parseObject(payload).get("seq") instanceof Long seq ? Math.toIntExact(seq) : 0;
        } catch (JsonException | ArithmeticException e) {
            return 0;
        }
    }
}
