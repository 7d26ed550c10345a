package io.leafd.app.run;

import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** SIGHUP, the old way to say: read your configuration again. */
final class HangUp {
    private static final Logger LOG = LoggerFactory.getLogger(HangUp.class);

    private HangUp() {}

    /**
     * Runs {@code task} on a virtual thread at each SIGHUP from now on.
     *
     * <p>Java has no API for signals but {@code sun.misc.Signal} of the module {@code jdk.unsupported}. It is reached by its name,
     * because the compiler warns of every direct use and our builds allow no warning.
     */
    static void handle(Runnable task) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object starts = Proxy.newProxyInstance(
                    HangUp.class.getClassLoader(), new Class<?>[] {handler}, (self, method, args) -> {
                        Thread.ofVirtual().name("reload").start(task);
                        return null;
                    });
            Object hangUp = signal.getConstructor(String.class).newInstance("HUP");
            signal.getMethod("handle", signal, handler).invoke(null, hangUp, starts);
        } catch (ReflectiveOperationException e) {
            LOG.warn("SIGHUP is not heard, \"leafd reload\" does the same reason=\"{}\"", e.toString());
        }
    }
}
