package io.leafd.test.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Stream;

/**
 * Who gets the processors of this machine. In life a server under test has them for itself: those who overload it and those who ask it
 * are other machines, which neither take its processors nor wait for them. Nice values do not bring that about: Linux lets even the
 * lowest one end a slice of some milliseconds before somebody that has just woken up gets its turn, so policies are needed.
 */
final class Processors {
    private static final List<String> REAL_TIME = List.of("chrt", "--rr", "1");
    private static final int TRIES_MAX = 3;

    private Processors() {}

    /** What goes before a command whose process waits for no other one; nothing where the right to that is missing. */
    static List<String> before() {
        return succeeds(Stream.concat(REAL_TIME.stream(), Stream.of("true")).toList()) ? REAL_TIME : List.of();
    }

    /** From now on this process takes only what others leave, and at once gives back what it has when they want it. */
    static void standBack() {
        set("--idle");
    }

    /** From now on this process is as any other one; without the right to that it goes on as it is. */
    static void stepForward() {
        set("--other");
    }

    private static void set(String policy) {
        String self = Long.toString(ProcessHandle.current().pid());
        List<String> command = List.of("chrt", policy, "--all-tasks", "--pid", "0", self);
        int tries = 1;
        while (!succeeds(command) && tries < TRIES_MAX) {
            tries++; // a thread ended while it went through them
        }
    }

    private static boolean succeeds(List<String> command) {
        try {
            return new ProcessBuilder(command)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            throw new UncheckedIOException("chrt comes with util-linux and is needed here", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
