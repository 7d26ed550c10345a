package io.leafd.app.run;

import io.leafd.app.config.ListenAddress;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Opens one listener, and tells the owner in his own words why it can't be. Pure but for what it opens. */
final class ListenerStart {
    private ListenerStart() {}

    /** What opens it. */
    interface Opening<T> {
        T open() throws IOException;
    }

    /**
     * The opened listener.
     *
     * @param table of the configuration that has its address
     * @throws IOException if the address can't be had: which one, why, and what to do
     */
    static <T> T open(String table, ListenAddress address, Opening<T> opening) throws IOException {
        try {
            return opening.open();
        } catch (IOException e) {
            throw new IOException(explain(table, address, String.valueOf(e.getMessage())), e);
        }
    }

    /** @param message of the system, within that of a library: {@code bind(..) failed with error(-98): Address already in use} */
    static String explain(String table, ListenAddress address, String message) {
        String reason = reason(address, message);
        String where = address.host() + ":" + address.port();
        return reason == null
                ? "[" + table + "] can't listen on " + where + ": " + message
                : "[" + table + "] can't listen on " + where + ": " + reason + ", or set listen in [" + table
                        + "] to another address";
    }

    private static @Nullable String reason(ListenAddress address, String message) {
        if (message.contains("Address already in use")) {
            return "another program listens there; stop it";
        }
        if (message.contains("Permission denied")) {
            return "user " + System.getProperty("user.name") + " may not use this port; take one above 1023";
        }
        if (message.contains("Cannot assign requested address")) {
            return "this machine does not have the address " + address.host() + "; give it to an interface";
        }
        return null;
    }
}
