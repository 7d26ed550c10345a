package io.leafd.jetstream.consumer.config;

import static io.leafd.jetstream.consumer.config.ConsumerConfig.*;

import io.leafd.jetstream.api.ApiException;
import io.leafd.jetstream.api.JsError;
import io.leafd.jetstream.json.ConfigField;
import java.util.LinkedHashMap;
import java.util.Map;

/** What of a consumer may be changed while it exists. Pure. Source: nats-server 2.15. */
public final class ConsumerUpdate {
    /** Fields that stay as they are, and how they are called in the refusal, in the order of the checks. */
    private static final Map<ConfigField<?>, String> FIXED = new LinkedHashMap<>();

    static {
        FIXED.put(DELIVER_POLICY, "deliver policy");
        FIXED.put(MEMORY, "storage type");
        FIXED.put(DIRECT, "direct");
        FIXED.put(SOURCING, "sourcing");
        FIXED.put(START_SEQ, "start sequence");
        FIXED.put(START_TIME, "start time");
        FIXED.put(ACK_POLICY, "ack policy");
        FIXED.put(REPLAY_POLICY, "replay policy");
        FIXED.put(HEARTBEAT, "heart beats");
        FIXED.put(FLOW_CONTROL, "flow control");
    }

    private ConsumerUpdate() {}

    /**
     * Refuses what may not be changed.
     *
     * @param bound whether somebody listens on the present deliver subject, which then has to stay
     * @throws ApiException if something may not
     */
    public static void check(ConsumerConfig present, ConsumerConfig wanted, boolean bound) {
        FIXED.forEach((field, name) -> {
            if (!java.util.Objects.equals(present.get(field), wanted.get(field))) {
                throw refused(name + " can not be updated");
            }
        });
        if (!present.get(DELIVER_SUBJECT).equals(wanted.get(DELIVER_SUBJECT))) {
            if (!present.push()) {
                throw refused("can not update pull consumer to push based");
            }
            if (!wanted.push()) {
                throw refused("can not update push consumer to pull based");
            }
            if (bound) {
                throw JsError.CONSUMER_NAME_EXIST.refuse();
            }
        }
        if (!present.get(MAX_WAITING).equals(wanted.get(MAX_WAITING))) {
            throw refused("max waiting can not be updated");
        }
    }

    private static ApiException refused(String text) {
        return JsError.CONSUMER_CREATE.refuse(text);
    }
}
