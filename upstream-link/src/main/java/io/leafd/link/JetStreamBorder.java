package io.leafd.link;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The JetStream subjects that stay on their side of a leaf connection. Immutable, any thread.
 *
 * <p>The API without a domain, KV and object subjects belong to the server that they are used on; with a domain,
 * {@code $JS.hub.API.>} goes only towards {@code hub}. Neither is ever told to the peer or complained about: messages are
 * dropped in silence. Source: observed on nats-server 2.15.2.
 *
 * @param out filters that do not go out
 * @param in filters that do not come in
 */
record JetStreamBorder(List<String> out, List<String> in) {
    private static final List<String> EVERYWHERE = List.of("$JS.API.>", "$KV.>", "$OBJ.>");

    /**
     * The border between an account of ours and a peer.
     *
     * @param ours our domain; null if we have no JetStream
     * @param theirs the peer's domain, or null
     */
    static JetStreamBorder between(@Nullable String ours, @Nullable String theirs) {
        if (ours == null) {
            return new JetStreamBorder(EVERYWHERE, EVERYWHERE);
        }
        var out = new ArrayList<>(EVERYWHERE);
        out.add("$JS." + ours + ".API.>");
        if (!ours.equals(theirs)) {
            return new JetStreamBorder(out, EVERYWHERE);
        }
        return new JetStreamBorder(out, out); // the same name on both sides: each serves its own
    }
}
