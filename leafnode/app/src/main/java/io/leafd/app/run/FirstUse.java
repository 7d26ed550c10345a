package io.leafd.app.run;

import io.leafd.app.Version;
import io.leafd.broker.net.EventLoops;
import io.leafd.store.Store;
import java.security.SecureRandom;

/**
 * What is slow when it is used first, and needs no configuration: Netty, RocksDB's library, the source of random numbers, a resource in a
 * jar. It is used once by a thread of its own while the configuration is read and the store is opened. What fails there fails again, and is
 * told, where it is needed.
 */
final class FirstUse {
    private FirstUse() {}

    static void begin() {
        Thread.ofPlatform().daemon().name("first-use").start(FirstUse::use);
    }

    private static void use() {
        try {
            EventLoops.load();
            new SecureRandom().nextInt();
            Store.loadLibrary();
            Version.read();
        } catch (LinkageError | RuntimeException e) {
            // told where it is needed
        }
    }
}
