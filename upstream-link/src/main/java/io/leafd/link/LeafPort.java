package io.leafd.link;

import io.leafd.broker.net.ClientPort;
import org.jspecify.annotations.Nullable;

/**
 * Where leaf nodes come in. Immutable.
 *
 * @param host the configured host
 * @param port the bound port
 * @param tls null for plain text
 * @param connectionsMax leaf connections at one time
 */
public record LeafPort(String host, int port, ClientPort.@Nullable Tls tls, int connectionsMax) {}
