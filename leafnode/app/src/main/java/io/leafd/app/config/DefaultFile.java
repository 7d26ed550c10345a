package io.leafd.app.config;

import io.leafd.app.config.schema.Reference;

/** The file to begin with: every key with its default or an example, commented out. */
public final class DefaultFile {
    private static final int WIDTH = 100;
    private static final String HEAD = """
            # leafd configuration. Every key stands here with its default or an example; remove a "#" to set one.
            # Own files in conf.d/*.toml beside this one are laid over it. Check with "leafd check", apply with
            # "leafd reload". Reference: leafd.toml(5).

            """;

    private DefaultFile() {}

    /** Sets nothing at all. */
    public static String commented() {
        return HEAD + new Reference(LeafdConfig.TABLE).commentedFile(WIDTH);
    }

    /** {@code /etc/leafd/leafd.toml} of the package: its own data directory, all else as without a file. */
    static String forPackage() {
        return commented()
                .replace("#[server]\n", "[server]\n")
                .replace("#data_dir = \"leafd-data\"\n", "data_dir = \"/var/lib/leafd\"\n");
    }
}
