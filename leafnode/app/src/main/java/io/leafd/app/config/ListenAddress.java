package io.leafd.app.config;

import io.leafd.app.config.schema.BadValueException;
import io.leafd.app.config.schema.TomlText;
import java.net.InetAddress;

/**
 * Where a listener listens. Immutable.
 *
 * @param host an address or a host name; IPv6 without brackets
 * @param port 0 lets the kernel choose
 */
public record ListenAddress(String host, int port) {
    private static final int PORT_MAX = 65_535;

    static ListenAddress parse(String text) throws BadValueException {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (host.isEmpty() || (host.indexOf(':') >= 0 && !bracketed)) {
            throw bad(text);
        }
        return new ListenAddress(bracketed ? host.substring(1, host.length() - 1) : host, port(text, colon + 1));
    }

    static int port(String text, int start) throws BadValueException {
        String digits = text.substring(start);
        if (!digits.matches("\\d{1,5}") || Integer.parseInt(digits) > PORT_MAX) {
            throw bad(text);
        }
        return Integer.parseInt(digits);
    }

    private static BadValueException bad(String text) {
        return new BadValueException(
                TomlText.quote(text)
                        + " is no address to listen on; write address:port, such as \"127.0.0.1:4222\", \"0.0.0.0:4222\" or \"[::]:4222\"");
    }

    /** Whether only programs of this machine can reach it. A host name other than {@code localhost} is not looked up. */
    public boolean loopback() {
        if (host.equals("localhost")) {
            return true;
        }
        try {
            return InetAddress.ofLiteral(host).isLoopbackAddress();
        } catch (IllegalArgumentException e) {
            return false; // a name
        }
    }

    private boolean wildcard() {
        return host.equals("0.0.0.0") || host.equals("::");
    }

    /** Whether both cannot be bound at once. */
    boolean clashesWith(ListenAddress other) {
        return port != 0 && port == other.port && (wildcard() || other.wildcard() || host.equals(other.host));
    }

    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
