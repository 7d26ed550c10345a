package io.leafd.app.run;

import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done when a thread ends by something that nobody expected. Any thread.
 *
 * <p>A leafd without its store's thread, say, would take messages and never answer. So the process ends, as after a kill, which loses
 * nothing that was acknowledged, and is started again by systemd. Only a virtual thread may end by a mere exception: it did one thing
 * for somebody, who gets no answer.
 */
final class LastWord implements Thread.UncaughtExceptionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(LastWord.class);
    private static final int FAILED = 1;

    private final IntConsumer halt;

    /** @param halt ends the process at once with an exit code */
    LastWord(IntConsumer halt) {
        this.halt = halt;
    }

    /** From now on, for all threads. */
    static void listen() {
        Thread.setDefaultUncaughtExceptionHandler(
                new LastWord(code -> Runtime.getRuntime().halt(code)));
    }

    @Override
    public void uncaughtException(Thread thread, Throwable cause) {
        boolean survives = thread.isVirtual() && !(cause instanceof Error);
        try {
            if (survives) {
                LOG.error("task ended by a bug thread=\"{}\"", thread.getName(), cause);
            } else {
                LOG.error(
                        "thread ended by a bug or for want of memory, so leafd ends thread={}",
                        thread.getName(),
                        cause);
            }
        } finally {
            if (!survives) {
                halt.accept(FAILED);
            }
        }
    }
}
