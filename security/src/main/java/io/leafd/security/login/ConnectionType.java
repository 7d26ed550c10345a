package io.leafd.security.login;

/** How a client came in. The names are those of {@code allowed_connection_types} in NATS configurations and JWTs. */
public enum ConnectionType {
    /** NATS over TCP or TLS. */
    STANDARD,
    /** NATS over WebSocket. */
    WEBSOCKET,
    /** A leaf node over TCP or TLS. */
    LEAFNODE,
    /** A leaf node over WebSocket. */
    LEAFNODE_WS,
    /** MQTT over TCP or TLS. */
    MQTT,
    /** MQTT over WebSocket. */
    MQTT_WS,
    /** A part of leafd itself, for example the HTTP gateway. */
    IN_PROCESS
}
