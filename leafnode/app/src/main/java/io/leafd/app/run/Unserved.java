package io.leafd.app.run;

import io.leafd.app.config.LeafdConfig;
import io.leafd.app.config.UpstreamConfig;

/** Keys that the configuration knows and this version does not serve yet: said at the start, never passed over in silence. */
final class Unserved {
    private static final String REMOVE = " is not available in this version of leafd; remove it";

    private Unserved() {}

    /**
     * Refuses what would be dangerous to ignore.
     *
     * @throws IllegalArgumentException naming the key
     */
    static void check(LeafdConfig config) {
        for (UpstreamConfig upstream : config.upstreams()) {
            String where = "upstream." + upstream.name();
            if (upstream.shaping().budget() != null) {
                throw new IllegalArgumentException(where + ".budget" + REMOVE);
            }
        }
    }
}
