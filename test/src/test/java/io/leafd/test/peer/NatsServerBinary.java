package io.leafd.test.peer;

import java.nio.file.Path;

/** The real nats-server, version 2.15.1: the reference for the wire protocol and the upstream of the link scenarios. Any thread. */
public final class NatsServerBinary {

    private NatsServerBinary() {}

    /**
     * The program's path.
     *
     * @throws IllegalStateException when it cannot be had; the scenarios then fail, they are not skipped
     */
    public static Path path() {
        return PythonEnvironment.get().program("nats-server");
    }
}
