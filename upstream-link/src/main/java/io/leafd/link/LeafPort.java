package io.leafd.link;

import io.leafd.broker.net.ClientPort;

/**
 * Where leaf nodes come in. Immutable.
 *
 * @param tcp address and TLS, as of a port for clients
 * @param connectionsMax leaf connections at one time
 */
public record LeafPort(ClientPort tcp, int connectionsMax) {}
