package io.leafd.jetstream.stream;

import static io.leafd.jetstream.stream.StreamField.*;

import io.leafd.jetstream.api.JsError;

/** What an update of a stream may change. Pure. Source: observed on nats-server 2.15.1. */
final class UpdateRules {
    private UpdateRules() {}

    /**
     * The configuration after an update.
     *
     * @param before the stream's present configuration
     * @param wanted the complete and valid configuration that was sent
     * @throws io.leafd.jetstream.api.ApiException if the change is not possible
     */
    static StreamConfig check(StreamConfig before, StreamConfig wanted) {
        if (before.get(STORAGE) != wanted.get(STORAGE)) {
            throw invalid("change storage type");
        }
        boolean workqueue = before.retention() == Retention.WORKQUEUE || wanted.retention() == Retention.WORKQUEUE;
        if (before.retention() != wanted.retention() && workqueue) {
            throw invalid("change retention policy to/from workqueue");
        }
        if (before.is(SEALED) && !wanted.is(SEALED)) {
            throw invalid("unseal a sealed stream");
        }
        if (before.is(DENY_DELETE) && !wanted.is(DENY_DELETE)) {
            throw invalid("cancel deny message deletes");
        }
        if (before.is(DENY_PURGE) && !wanted.is(DENY_PURGE)) {
            throw invalid("cancel deny purge");
        }
        if (before.is(ALLOW_MSG_COUNTER) != wanted.is(ALLOW_MSG_COUNTER)) {
            throw invalid("change message counter setting");
        }
        if (before.get(PERSIST_MODE) != wanted.get(PERSIST_MODE)) {
            throw invalid("change persist mode");
        }
        if (wanted.mirror() != null && !wanted.mirror().equals(before.mirror())) {
            throw JsError.STREAM_MIRROR_NOT_UPDATABLE.refuse();
        }
        if (before.is(ALLOW_MSG_TTL) && !wanted.is(ALLOW_MSG_TTL)) {
            throw StreamRules.invalid("message TTL status can not be disabled");
        }
        return wanted.is(SEALED) ? sealed(wanted) : wanted;
    }

    private static StreamConfig sealed(StreamConfig config) {
        return config.with(MAX_AGE, 0L)
                .with(DISCARD, Discard.NEW)
                .with(DENY_DELETE, true)
                .with(DENY_PURGE, true)
                .with(ALLOW_ROLLUP, false);
    }

    private static RuntimeException invalid(String change) {
        return StreamRules.invalid("stream configuration update can not " + change);
    }
}
