package io.leafd.link;

import java.util.Locale;

/**
 * Why a link is not, or no longer, connected. Immutable, any thread.
 *
 * @param kind what it means for the next attempt
 * @param text one sentence for the box owner: what the upstream or the operating system said
 */
public record LinkFailure(Kind kind, String text) {
    /** What a failure means for the next attempt. */
    public enum Kind {
        /** Refused, reset, unresolvable, lost: dial again soon. */
        NETWORK,
        /** No answer in time: dial again soon and wait longer for the answer. */
        TIMEOUT,
        /** The upstream does not know these credentials: a few quick attempts, then one a minute. */
        AUTHORIZATION,
        /** Messages would go round in a circle: 30 seconds. */
        LOOP,
        /** The upstream's cluster has the name of this server: 30 seconds. */
        SAME_CLUSTER,
        /** This leafd speaks for too old a server version: 5 seconds. */
        VERSION,
        /** Another connection with this server's name and account has taken over. */
        DUPLICATE,
        /** The upstream closed because of a subject that its user may not use. */
        PERMISSIONS,
        /** Keys, certificates or addresses of this side cannot be used as they are. */
        CONFIGURATION,
        /** The peer sent what no leaf sends, or is no leaf port. */
        PROTOCOL
    }

    /** The network, or the host at its other end, did not let it be. */
    public static LinkFailure network(String text) {
        return new LinkFailure(Kind.NETWORK, text);
    }

    /** An answer did not come in time. */
    public static LinkFailure timeout(String text) {
        return new LinkFailure(Kind.TIMEOUT, text);
    }

    /** Something of ours has to be set right first. */
    public static LinkFailure configuration(String text) {
        return new LinkFailure(Kind.CONFIGURATION, text);
    }

    /** The peer is no leaf node, or a broken one. */
    public static LinkFailure protocol(String text) {
        return new LinkFailure(Kind.PROTOCOL, text);
    }

    /**
     * The failure behind an {@code -ERR} text. Texts that mean a delay are found by substring, as nats-server finds them.
     * Source: observed on nats-server 2.15.2.
     */
    public static LinkFailure ofError(String text) {
        return new LinkFailure(kindOf(text.toLowerCase(Locale.ROOT)), text);
    }

    private static Kind kindOf(String text) {
        if (text.contains("loop detected")) {
            return Kind.LOOP;
        }
        if (text.contains("same cluster name")) {
            return Kind.SAME_CLUSTER;
        }
        if (text.contains("minimum version required")) {
            return Kind.VERSION;
        }
        if (text.contains("duplicate remote leafnode")) {
            return Kind.DUPLICATE;
        }
        if (text.contains("permissions violation")) {
            return Kind.PERMISSIONS;
        }
        if (text.contains("authentication timeout") || text.contains("stale")) {
            return Kind.TIMEOUT;
        }
        if (text.contains("authorization violation") || text.contains("authentication")) {
            return Kind.AUTHORIZATION;
        }
        if (text.contains("maximum account active connections") || text.contains("maximum subscriptions")) {
            return Kind.NETWORK;
        }
        return Kind.PROTOCOL;
    }
}
