package io.leafd.jetstream.consumer.pull;

import io.leafd.jetstream.json.InvalidJson;
import io.leafd.jetstream.json.JsonField;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What a pull request asks for. Immutable.
 *
 * <p>Nothing asks for one message, a number for that many, and an object for what it names; JSON without {@code batch} ends
 * with the first delivery. Anything else counts as nothing. Source: observed on nats-server 2.15.
 *
 * @param formal whether it was an object; only those name a group
 * @param batch messages wanted
 * @param expiresNs how long the request stays, 0 for as long as somebody listens
 * @param noWait whether it ends as soon as there is nothing to deliver
 * @param maxBytes bytes wanted, 0 for no bound
 * @param heartbeatNs how often a waiting request is told that the consumer lives, 0 for never
 * @param group what it says about priorities
 */
public record PullBody(
        boolean formal, long batch, long expiresNs, boolean noWait, long maxBytes, long heartbeatNs, GroupTerms group) {

    /**
     * What a request says about its priority group. Immutable.
     *
     * @param name the group, empty if none is named
     * @param minPending serve only if at least so many messages wait to be delivered, 0 for no such condition
     * @param minAckPending or so many to be acknowledged
     * @param id the pin that the requester believes to hold
     * @param priority 0 first … 9 last
     */
    public record GroupTerms(String name, long minPending, long minAckPending, String id, long priority) {
        static final GroupTerms NONE = new GroupTerms("", 0, 0, "", 0);
    }

    private static final String TYPE = "JSApiConsumerGetNextRequest";

    /**
     * Reads the payload of a request.
     *
     * @throws InvalidJson for an object that cannot be read, or a heartbeat that is too long for the request's life
     */
    public static PullBody parse(byte[] payload) {
        String text = new String(payload, StandardCharsets.UTF_8).strip();
        if (!text.startsWith("{")) {
            return plain(number(text));
        }
        long batch = 0;
        long expiresNs = 0;
        boolean noWait = false;
        long maxBytes = 0;
        long heartbeatNs = 0;
        List<JsonField> fields = JsonField.fields(payload, TYPE);
        for (JsonField field : fields) {
            switch (field.name()) {
                case "batch" -> batch = field.number();
                case "expires" -> expiresNs = field.durationNs();
                case "no_wait" -> noWait = field.flag();
                case "max_bytes" -> maxBytes = field.number();
                case "idle_heartbeat" -> heartbeatNs = field.durationNs();
                default -> {} // lenient: newer clients send more
            }
        }
        if (heartbeatNs > 0 && heartbeatNs > expiresNs / 2) {
            throw new InvalidJson("heartbeat value too large");
        }
        return new PullBody(true, batch, expiresNs, noWait, maxBytes, heartbeatNs, group(fields));
    }

    private static PullBody plain(long batch) {
        return new PullBody(false, batch, 0, false, 0, 0, GroupTerms.NONE);
    }

    private static GroupTerms group(List<JsonField> fields) {
        String name = "";
        long minPending = 0;
        long minAckPending = 0;
        String id = "";
        long priority = 0;
        for (JsonField field : fields) {
            switch (field.name()) {
                case "group" -> name = field.text();
                case "min_pending" -> minPending = field.number64();
                case "min_ack_pending" -> minAckPending = field.number64();
                case "id" -> id = field.text();
                case "priority" -> priority = field.number();
                default -> {} // the caller's
            }
        }
        return new GroupTerms(name, minPending, minAckPending, id, priority);
    }

    private static long number(String text) {
        try {
            return text.isEmpty() ? 1 : Long.parseLong(text);
        } catch (NumberFormatException e) {
            return 1;
        }
    }
}
