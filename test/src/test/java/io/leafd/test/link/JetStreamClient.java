package io.leafd.test.link;

import io.leafd.test.peer.Deadline;
import io.nats.client.Connection;
import io.nats.client.JetStream;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.PullSubscribeOptions;
import io.nats.client.PushSubscribeOptions;
import io.nats.client.api.External;
import io.nats.client.api.Mirror;
import io.nats.client.api.PublishAck;
import io.nats.client.api.Source;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamInfo;
import io.nats.client.api.SubjectTransform;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/** The official Java client on one of the two servers, in the words of mirror scenarios. Owned by one scenario. */
final class JetStreamClient implements AutoCloseable {
    private static final int PUBLISH_WINDOW = 1000;
    private static final int PULL_MAX = 250;

    private final Connection connection;
    private final JetStream jetStream;
    private final JetStreamManagement management;

    /** One message of a stream. */
    record Stored(long seq, String subject, String payload, long timestampNs) {}

    JetStreamClient(int port, String user) {
        try {
            Options.Builder options =
                    Options.builder().server("nats://127.0.0.1:" + port).maxReconnects(-1);
            if (!user.isEmpty()) {
                options.userInfo(user, user);
            }
            connection = Nats.connect(options.build());
            jetStream = connection.jetStream();
            management = connection.jetStreamManagement();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    void createStream(String name, String subject) {
        answer(() -> management.addStream(
                StreamConfiguration.builder().name(name).subjects(subject).build()));
    }

    /** Makes a stream that mirrors {@code origin} of another domain. */
    void createMirror(String name, String origin, String domain) {
        createMirror(name, origin, domain, "");
    }

    /** The same, whose messages come on subjects that begin with {@code deliver}. */
    void createMirror(String name, String origin, String domain, String deliver) {
        Mirror mirror = Mirror.builder()
                .name(origin)
                .external(External.builder()
                        .api("$JS." + domain + ".API")
                        .deliver(deliver)
                        .build())
                .build();
        answer(() -> management.addStream(
                StreamConfiguration.builder().name(name).mirror(mirror).build()));
    }

    /** Makes a stream that copies what {@code origin} of another domain has under {@code subject}. */
    void createSourcing(String name, String origin, String subject, String domain) {
        createSourcing(name, from(origin, domain).filterSubject(subject).build());
    }

    /** The same under another subject. */
    void createSourcing(String name, String origin, String subject, String as, String domain) {
        var transform =
                SubjectTransform.builder().source(subject).destination(as).build();
        createSourcing(name, from(origin, domain).subjectTransforms(transform).build());
    }

    private static Source.Builder from(String origin, String domain) {
        return Source.builder()
                .name(origin)
                .external(External.builder().api("$JS." + domain + ".API").build());
    }

    private void createSourcing(String name, Source source) {
        answer(() -> management.addStream(
                StreamConfiguration.builder().name(name).sources(source).build()));
    }

    void deleteStream(String name) {
        answer(() -> management.deleteStream(name));
    }

    /** Removes all messages of a stream. */
    void purge(String name) {
        answer(() -> management.purgeStream(name));
    }

    void deleteMessage(String stream, long seq) {
        answer(() -> management.deleteMessage(stream, seq));
    }

    /** Publishes {@code subject} with payloads {@code from} … {@code to} and waits for every PubAck. */
    void publish(String subject, int from, int to) {
        publish(subject, to - from + 1, i -> Integer.toString(from + i).getBytes(StandardCharsets.UTF_8));
    }

    private void publish(String subject, int count, IntFunction<byte[]> payload) {
        var acks = new ArrayDeque<CompletableFuture<PublishAck>>();
        for (int i = 0; i < count; i++) {
            acks.add(jetStream.publishAsync(subject, payload.apply(i)));
            if (acks.size() >= PUBLISH_WINDOW) {
                acks.remove()
                        .orTimeout(Deadline.ANSWER.toSeconds(), TimeUnit.SECONDS)
                        .join();
            }
        }
        acks.forEach(ack ->
                ack.orTimeout(Deadline.ANSWER.toSeconds(), TimeUnit.SECONDS).join());
    }

    /** Asks for each of these messages, whether it is there or not. */
    void lookAt(String stream, int from, int to) {
        answer(() -> {
            for (int seq = from; seq <= to; seq++) {
                try {
                    management.getMessage(stream, seq);
                } catch (JetStreamApiException notThere) {
                    // deleted, lost, or not to be read
                }
            }
            return to;
        });
    }

    /** The sequences of the next messages of a durable consumer, which is made if it is not there; acknowledges them. */
    List<Long> pull(String stream, String durable, int count) {
        var seqs = new ArrayList<Long>();
        return answer(() -> {
            JetStreamSubscription pulling = jetStream.subscribe(
                    null,
                    PullSubscribeOptions.builder().stream(stream)
                            .durable(durable)
                            .build());
            while (seqs.size() < count) {
                List<Message> batch = pulling.fetch(Math.min(PULL_MAX, count - seqs.size()), Deadline.ANSWER);
                for (Message message : batch) {
                    seqs.add(message.metaData().streamSequence());
                    message.ack();
                }
                if (batch.isEmpty()) {
                    throw new AssertionError("only " + seqs.size() + " of " + count + " messages of " + durable);
                }
            }
            pulling.unsubscribe();
            return seqs;
        });
    }

    /** Sequence of the last message of a stream. */
    long lastSeq(String stream) {
        return info(stream).getStreamState().getLastSequence();
    }

    StreamInfo info(String stream) {
        return answer(() -> management.getStreamInfo(stream));
    }

    /** Waits until a stream has come to this sequence. */
    void awaitSeq(String stream, long seq, Duration limit) {
        Deadline.await(stream + " has come to " + seq, limit, () -> lastSeq(stream) >= seq);
    }

    /** All messages of a stream in order. */
    List<Stored> read(String stream) {
        var read = new ArrayList<Stored>();
        long count = info(stream).getStreamState().getMsgCount();
        return answer(() -> {
            JetStreamSubscription all = jetStream.subscribe(
                    null,
                    PushSubscribeOptions.builder().stream(stream).ordered(true).build());
            while (read.size() < count) {
                Message next = all.nextMessage(Deadline.ANSWER);
                if (next == null) {
                    throw new AssertionError("only " + read.size() + " of " + count + " messages of " + stream);
                }
                var time = next.metaData().timestamp().toInstant();
                read.add(new Stored(
                        next.metaData().streamSequence(),
                        next.getSubject(),
                        new String(next.getData(), StandardCharsets.UTF_8),
                        time.getEpochSecond() * 1_000_000_000L + time.getNano()));
            }
            all.unsubscribe();
            return read;
        });
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private interface Request<T> {
        T send() throws IOException, JetStreamApiException, InterruptedException;
    }

    private static <T> T answer(Request<T> request) {
        try {
            return request.send();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (JetStreamApiException e) {
            throw new AssertionError(e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
