package io.leafd.jetstream;

import io.leafd.protocol.Headers;
import io.leafd.protocol.Message;
import io.leafd.protocol.Subject;
import io.leafd.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The origin of a copy, played by a test: it takes the request for a consumer, answers it and delivers. One thread. */
final class TestOrigin {
    private final TestServer server;
    private final List<Message> others = new ArrayList<>();
    private Subject deliver = Subject.of("none");
    private String consumer = "none";

    TestOrigin(TestServer server) {
        this.server = server;
    }

    /** The next request for a consumer, which must be there. */
    Message request() {
        return Objects.requireNonNull(next(), "no request");
    }

    /** Whether there is a request for a consumer that was not looked at. */
    boolean asked() {
        return next() != null;
    }

    /** The {@code config} of a request. */
    static Map<?, ?> config(Message request) {
        return (Map<?, ?>)
                Objects.requireNonNull(Json.parseObject(request.payload()).get("config"));
    }

    /** Answers with a consumer. */
    void accept(Message request, String name, long skippedTo, String... headers) {
        consumer = name;
        deliver = Subject.of((String) Objects.requireNonNull(config(request).get("deliver_subject")));
        answer(
                request,
                "{\"name\":\"%s\",\"delivered\":{\"consumer_seq\":0,\"stream_seq\":%d},\"num_pending\":7}"
                        .formatted(name, skippedTo),
                headers);
    }

    /** Answers with an error. */
    void refuse(Message request, int code, int errCode, String description) {
        answer(
                request,
                "{\"error\":{\"code\":%d,\"err_code\":%d,\"description\":\"%s\"}}"
                        .formatted(code, errCode, description));
    }

    private void answer(Message request, String json, String... headers) {
        byte[] block = headers.length == 0 ? new byte[0] : Headers.with(new byte[0], headers);
        server.port.send(
                Message.withHeaders(Objects.requireNonNull(request.reply()), null, block, TestServer.bytes(json)));
        server.run();
    }

    /** Delivers a message of the present consumer; the payload is {@code m<seq>}, stored at {@code seq} seconds of 1970. */
    void deliver(long seq, long deliverySeq, String subject, String... headers) {
        deliverAs(consumer, seq, deliverySeq, subject, headers);
    }

    /** Delivers a message as another consumer would. */
    void deliverAs(String name, long seq, long deliverySeq, String subject, String... headers) {
        String reply = "$JS.ACK.ORD." + name + ".1." + seq + "." + deliverySeq + "." + seq + "000000000.3";
        byte[] block = headers.length == 0 ? new byte[0] : Headers.with(new byte[0], headers);
        frame(Message.withHeaders(Subject.of(subject), Subject.of(reply), block, TestServer.bytes("m" + seq)));
    }

    /** Delivers the last message that it has, stored at {@code timeNs}. */
    void deliverLast(long seq, long deliverySeq, String subject, long timeNs) {
        String reply = "$JS.ACK.ORD." + consumer + ".1." + seq + "." + deliverySeq + "." + timeNs + ".0";
        frame(new Message(Subject.of(subject), Subject.of(reply), TestServer.bytes("m" + seq), 0));
    }

    /** Queues a message without letting the store loop run. */
    void queue(long seq, long deliverySeq, String subject) {
        String reply = "$JS.ACK.ORD." + consumer + ".1." + seq + "." + deliverySeq + "." + seq + "000000000.3";
        server.port.send(new Message(Subject.of(subject), Subject.of(reply), TestServer.bytes("m" + seq), 0), deliver);
    }

    void heartbeat(long deliverySeq, String... headers) {
        var all = new ArrayList<>(List.of("Nats-Last-Consumer", Long.toString(deliverySeq)));
        all.addAll(List.of(headers));
        byte[] block = Headers.status(100, "Idle Heartbeat", all.toArray(String[]::new));
        frame(Message.withHeaders(deliver, null, block, new byte[0]));
    }

    /** Asks for flow control without letting the store loop run. */
    void queueFlowControl(String reply) {
        byte[] block = Headers.status(100, "FlowControl Request");
        server.port.send(Message.withHeaders(deliver, Subject.of(reply), block, new byte[0]), deliver);
    }

    /** Messages that were published to a subject, headers and all, since the last call. */
    List<String> answersTo(String subject) {
        server.run();
        return published(subject);
    }

    /** The same without letting the store loop run. */
    List<String> published(String subject) {
        others.addAll(server.port.take());
        List<String> found = others.stream()
                .filter(one -> one.subject().toString().equals(subject))
                .map(one -> new String(one.body(), StandardCharsets.UTF_8))
                .toList();
        others.removeIf(one -> one.subject().toString().equals(subject));
        return found;
    }

    private void frame(Message message) {
        server.port.send(message, deliver);
        server.run();
    }

    private @Nullable Message next() {
        server.run();
        others.addAll(server.port.take());
        for (Message one : others) {
            if (one.subject().toString().contains(".CONSUMER.CREATE.")) {
                others.remove(one);
                return one;
            }
        }
        return null;
    }
}
