package io.leafd.app.run;

import io.leafd.app.config.AccountConfig;
import io.leafd.app.config.LeafdConfig;
import io.leafd.app.config.UpstreamConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keys that the configuration knows and this version does not serve yet: said at the start, never passed over in silence. */
final class Unserved {
    private static final Logger LOG = LoggerFactory.getLogger(Unserved.class);
    private static final String REMOVE = " is not available in this version of leafd; remove it";

    private Unserved() {}

    /**
     * Refuses what would be dangerous to ignore, and warns of the rest.
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
        for (AccountConfig account : config.accounts()) {
            if (!account.imports().isEmpty() || !account.exports().isEmpty()) {
                LOG.warn("exports and imports of accounts are not applied in this version account={}", account.name());
            }
        }
    }
}
