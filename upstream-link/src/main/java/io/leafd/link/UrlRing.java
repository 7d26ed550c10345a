package io.leafd.link;

import java.util.ArrayList;
import java.util.List;

/**
 * The addresses of an upstream, in the order in which they are tried. Owned by the control thread.
 *
 * <p>What fails goes to the end. Addresses that the upstream tells, if they are wanted, come before the configured ones and
 * are replaced by each telling; the configured ones never go away.
 */
final class UrlRing {
    private static final int DISCOVERED_MAX = 64;

    private final List<LinkUrl> configured;
    private List<LinkUrl> ring;

    UrlRing(List<LinkUrl> configured) {
        this.configured = List.copyOf(configured);
        this.ring = new ArrayList<>(configured);
    }

    /** The address to try now. */
    LinkUrl current() {
        return ring.getFirst();
    }

    /** The current address is tried again only after all others. */
    void next() {
        ring.add(ring.removeFirst());
    }

    /** The upstream has told of these addresses, as host:port. One that makes no sense is left out. */
    void discovered(List<String> addresses) {
        LinkUrl now = current();
        var all = new ArrayList<LinkUrl>();
        for (String address : addresses) {
            try {
                LinkUrl url = configured.getFirst().at(address);
                if (!configured.contains(url) && !all.contains(url) && all.size() < DISCOVERED_MAX) {
                    all.add(url);
                }
            } catch (IllegalArgumentException e) {
                // not an address: nothing to dial
            }
        }
        all.addAll(configured);
        ring = all;
        if (ring.remove(now)) {
            ring.addFirst(now); // where we are connected: goes to the end when it is lost
        }
    }

    /** All addresses, the next to try first. */
    List<LinkUrl> all() {
        return List.copyOf(ring);
    }
}
