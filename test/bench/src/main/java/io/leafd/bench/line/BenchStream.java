package io.leafd.bench.line;

import io.leafd.bench.load.StreamPublish;
import io.leafd.bench.load.Wire;
import io.leafd.test.peer.ServerProcess;
import java.time.Duration;
import java.util.List;

/** The stream that lines publish into and read from. */
public final class BenchStream {
    /** Its name. */
    public static final String NAME = "BENCH";
    /** What it listens to. */
    public static final String SUBJECT = "bench.stream";

    private static final int WINDOW = 1_000;
    private static final Duration FILL_MAX = Duration.ofMinutes(30);

    private BenchStream() {}

    /** Makes it on a running server. */
    public static void create(ServerProcess server) {
        create(server, NAME, SUBJECT);
    }

    /** Makes another one on a running server. */
    public static void create(ServerProcess server, String name, String subject) {
        try (Wire wire = Wire.open(server.clientPort())) {
            wire.request("$JS.API.STREAM.CREATE." + name, """
                    {"name":"%s","subjects":["%s"],"storage":"file","retention":"limits","num_replicas":1}""".formatted(name, subject));
        }
    }

    /** Publishes so many messages of 128 bytes into it and waits for all acknowledgements. */
    public static void fill(ServerProcess server, long messages) {
        var shape = new StreamPublish.Shape(List.of(SUBJECT), 1, WINDOW, 128);
        try (var publish = new StreamPublish(server.clientPort(), shape)) {
            StreamPublish.Result result = publish.runCount(messages, FILL_MAX);
            if (result.acknowledged() < messages) {
                throw new IllegalStateException(
                        "only %d of %d messages stored within %s".formatted(result.acknowledged(), messages, FILL_MAX));
            }
        }
    }

    /** How many messages the stream of this name holds, asked over {@code wire}; 0 while the API does not answer. */
    static long messages(Wire wire, String name) {
        String info;
        try {
            info = wire.request("$JS.API.STREAM.INFO." + name, "");
        } catch (IllegalStateException notYet) {
            return 0;
        }
        String key = "\"messages\":";
        int at = info.indexOf(key) + key.length();
        int end = at;
        while (Character.isDigit(info.charAt(end))) {
            end++;
        }
        return Long.parseLong(info.substring(at, end));
    }
}
