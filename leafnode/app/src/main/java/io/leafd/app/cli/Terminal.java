package io.leafd.app.cli;

import java.io.BufferedReader;
import java.io.Console;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a command reads and writes. Owned by the main thread.
 *
 * @param out         answers
 * @param err         talk
 * @param console     null when nobody sits there: input or output is a file or a pipe
 * @param environment variables
 */
record Terminal(
        PrintStream out,
        PrintStream err,
        BufferedReader in,
        @Nullable Console console,
        Map<String, String> environment) {

    @SuppressWarnings("SystemConsoleNull") // null since JDK 25 without a terminal, as before JDK 22
    static Terminal ofProcess() {
        Console console = System.console();
        return new Terminal(
                System.out,
                System.err,
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)),
                console != null && console.isTerminal() ? console : null,
                System.getenv());
    }

    /** Whether colours help: a terminal that can, and nobody who asked for none. */
    boolean colours() {
        return console != null
                && environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !"dumb".equals(environment.get("TERM"));
    }

    /** Whether what was written can be written over. */
    boolean cursor() {
        return console != null && !"dumb".equals(environment.get("TERM"));
    }

    /** {@code text} in bold, where that is possible. */
    String bold(String text) {
        return colours() ? "\u001b[1m" + text + "\u001b[0m" : text;
    }
}
