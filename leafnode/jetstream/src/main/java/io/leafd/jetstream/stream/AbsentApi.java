package io.leafd.jetstream.stream;

import io.leafd.jetstream.api.ApiHandler;
import io.leafd.jetstream.api.ApiRequest;
import io.leafd.jetstream.api.ApiRoute;
import io.leafd.jetstream.api.ApiRoutes;
import io.leafd.jetstream.api.JsError;
import io.leafd.jetstream.json.JsonField;
import io.leafd.protocol.Subjects;

/**
 * Requests that this server refuses with a reason: what only a cluster has, and snapshots. On the store loop.
 */
public final class AbsentApi {
    private static final ApiHandler NEEDS_CLUSTER = request -> request.fail(JsError.CLUSTER_REQUIRED);
    private static final int STREAM = 2;

    private final Streams streams;

    public AbsentApi(Streams streams) {
        this.streams = streams;
    }

    /** Adds the requests that it answers. */
    public void addTo(ApiRoutes routes) {
        routes.add(new ApiRoute("STREAM.LEADER.STEPDOWN.*", "stream_leader_stepdown_response", NEEDS_CLUSTER))
                .add(new ApiRoute("STREAM.PEER.REMOVE.*", "stream_remove_peer_response", NEEDS_CLUSTER))
                .add(new ApiRoute("STREAM.PEER.EVACUATE.*", "stream_evacuate_peer_response", NEEDS_CLUSTER))
                .add(new ApiRoute("STREAM.CANCEL_MOVE.*", "stream_cancel_move_response", NEEDS_CLUSTER))
                .add(new ApiRoute("CONSUMER.LEADER.STEPDOWN.*.*", "consumer_leader_stepdown_response", NEEDS_CLUSTER))
                .add(new ApiRoute("CONSUMER.PEER.REMOVE.*.*", "consumer_remove_peer_response", NEEDS_CLUSTER))
                .add(new ApiRoute("CONSUMER.PEER.EVACUATE.*.*", "consumer_evacuate_peer_response", NEEDS_CLUSTER))
                .add(new ApiRoute("STREAM.SNAPSHOT.*", "stream_snapshot_response", this::snapshot))
                .add(new ApiRoute(
                        "STREAM.RESTORE.*", "stream_restore_response", ",\"deliver_subject\":\"\"", this::restore));
    }

    private void snapshot(ApiRequest request) {
        if (request.bodyIsEmpty()) {
            throw JsError.BAD_REQUEST.refuse();
        }
        String deliver = "";
        for (JsonField field : JsonField.fields(request.body(), "JSApiStreamSnapshotRequest")) {
            if (field.name().equals("deliver_subject")) {
                deliver = field.text();
            }
        }
        streams.get(request.token(STREAM));
        if (!Subjects.isValidLiteral(deliver)) {
            throw JsError.SNAPSHOT_DELIVER_SUBJECT_INVALID.refuse();
        }
        throw JsError.STREAM_SNAPSHOT.refuse("not supported by this server, use leafd store backup");
    }

    private void restore(ApiRequest request) {
        if (request.bodyIsEmpty()) {
            throw JsError.BAD_REQUEST.refuse();
        }
        if (streams.find(request.token(STREAM)) != null) {
            throw JsError.STREAM_NAME_EXIST_RESTORE_FAILED.refuse();
        }
        throw JsError.STREAM_RESTORE.refuse("not supported by this server, use leafd store restore");
    }
}
