package io.leafd.link.forward;

import io.leafd.protocol.Message;
import io.leafd.protocol.Subject;
import io.leafd.protocol.Subjects;
import io.leafd.protocol.json.Json;
import io.leafd.protocol.json.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An upstream with one stream: stores, acknowledges, refuses, forgets ids after its duplicate window, answers its API. */
final class FakeHub {
    /** One stored message. */
    record Stored(long seq, String subject, String id, long atNs) {}

    final TreeMap<Long, Stored> stream = new TreeMap<>();
    /** Every message ever stored, also those that limits removed. */
    final List<Stored> history = new ArrayList<>();

    private final Simulation simulation;
    private final String name;
    private final long duplicateWindowNs;
    private final boolean latestOnly;
    private final Map<String, Stored> recent = new HashMap<>();
    private long lastSeq;

    /** Publishes get this error code instead of a place; 0 for none. */
    int refuseCode;
    /** Publishes get no answer and no place. */
    boolean deaf;
    /** The API gives no answer. */
    boolean apiDeaf;

    FakeHub(Simulation simulation, String name, long duplicateWindowNs, boolean latestOnly) {
        this.simulation = simulation;
        this.name = name;
        this.duplicateWindowNs = duplicateWindowNs;
        this.latestOnly = latestOnly;
    }

    /** Ids of all own messages in the order they were stored. */
    List<String> ids(String prefix) {
        return history.stream()
                .map(Stored::id)
                .filter(id -> id.startsWith(prefix))
                .toList();
    }

    /** Another publisher's message. */
    void publish(String subject) {
        store(subject, "");
    }

    /** What the hub answers, or null. */
    @Nullable
    Message onMessage(Message message) {
        String subject = message.subject().toString();
        if (subject.startsWith("$JS.hub.API.")) {
            return apiDeaf ? null : answer(message, api(subject, message));
        }
        if (deaf) {
            return null;
        }
        String id = message.header("Nats-Msg-Id");
        if (id == null) {
            throw new IllegalStateException("no Nats-Msg-Id on " + message);
        }
        String expected = message.header("Nats-Expected-Stream");
        if (expected != null && !expected.equals(name)) {
            return answer(message, error(10060, "expected stream does not match"));
        }
        if (refuseCode != 0) {
            return answer(message, error(refuseCode, "refused by the test"));
        }
        Stored known = recent.get(id);
        if (known != null && simulation.nowNs() - known.atNs < duplicateWindowNs) {
            return answer(message, "{\"stream\":\"" + name + "\",\"seq\":" + known.seq + ",\"duplicate\": true}");
        }
        Stored stored = store(subject, id);
        return answer(message, "{\"stream\":\"" + name + "\",\"seq\":" + stored.seq + "}");
    }

    private Stored store(String subject, String id) {
        var stored = new Stored(++lastSeq, subject, id, simulation.nowNs());
        if (latestOnly) {
            stream.values().removeIf(old -> old.subject.equals(subject));
        }
        stream.put(stored.seq, stored);
        history.add(stored);
        if (!id.isEmpty()) {
            recent.put(id, stored);
        }
        return stored;
    }

    private String error(int code, String text) {
        return "{\"error\":{\"code\":400,\"err_code\":" + code + ",\"description\":\"" + text + "\"},\"stream\":\""
                + name + "\",\"seq\":0}";
    }

    private String api(String subject, Message message) {
        if (!subject.endsWith("." + name)) {
            return "{\"error\":{\"code\":404,\"err_code\":10059,\"description\":\"stream not found\"}}";
        }
        if (subject.startsWith("$JS.hub.API.STREAM.INFO.")) {
            return "{\"config\":{\"max_msgs_per_subject\":" + (latestOnly ? 1 : -1) + "},\"state\":{\"last_seq\":"
                    + lastSeq + "}}";
        }
        Map<String, @Nullable Object> request = Json.parseObject(message.payload());
        Stored found = null;
        if (request.get("last_by_subj") instanceof String filter) {
            for (Stored stored : stream.values()) {
                found = Subjects.matches(filter, stored.subject) ? stored : found;
            }
        } else if (request.get("next_by_subj") instanceof String filter && request.get("seq") instanceof Long from) {
            found = stream.tailMap(from, true).values().stream()
                    .filter(stored -> Subjects.matches(filter, stored.subject))
                    .findFirst()
                    .orElse(null);
        }
        if (!request.containsKey("last_by_subj")
                && !request.containsKey("next_by_subj")
                && request.get("seq") instanceof Long at) {
            found = stream.get(at);
        }
        if (found == null) {
            return "{\"error\":{\"code\":404,\"err_code\":10037,\"description\":\"no message found\"}}";
        }
        var json = new JsonWriter().object().object("message");
        json.field("subject", found.subject).field("seq", found.seq);
        if (!found.id.isEmpty()) {
            byte[] headers = ("NATS/1.0\r\nNats-Msg-Id: " + found.id + "\r\n\r\n").getBytes(StandardCharsets.UTF_8);
            json.field("hdrs", Base64.getEncoder().encodeToString(headers));
        }
        return json.end().end().toString();
    }

    private static @Nullable Message answer(Message request, String json) {
        Subject reply = request.reply();
        return reply == null ? null : Message.of(reply, json.getBytes(StandardCharsets.UTF_8));
    }
}
