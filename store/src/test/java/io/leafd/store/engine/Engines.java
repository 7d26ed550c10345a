package io.leafd.store.engine;

import java.nio.file.Path;

/** Engines for tests, of 64 MiB of memory, that sync always. */
final class Engines {
    private Engines() {}

    /** An engine that has opened this directory. */
    static Engine opened(Path database, LastSync last) {
        var engine = new Engine(new EngineConfig(database, 64 << 20, 1L << 32, true), System::nanoTime);
        engine.open(last);
        return engine;
    }
}
