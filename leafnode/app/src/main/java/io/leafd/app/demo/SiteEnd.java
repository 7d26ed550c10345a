package io.leafd.app.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The end of a {@link Site}, whichever comes first: the end of the story or Ctrl-C. Any thread; only the first one acts.
 *
 * @param begun whether somebody has begun
 */
record SiteEnd(Site site, boolean keep, AtomicBoolean begun) {
    SiteEnd(Site site, boolean keep) {
        this(site, keep, new AtomicBoolean());
    }

    /** Ends both leafds, in peace if somebody wants to look at what they leave. */
    void come() throws IOException, InterruptedException {
        if (begun.compareAndSet(false, true)) {
            if (keep) {
                site.stop();
            } else {
                site.abandon();
                site.remove();
            }
        }
    }

    /** For the runtime's shutdown: kills both leafds if the story was not at its end. */
    Thread onInterrupt() {
        return new Thread(
                () -> {
                    if (begun.compareAndSet(false, true)) {
                        try {
                            site.abandon();
                            if (!keep) {
                                site.remove();
                            }
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    }
                },
                "demo-end");
    }
}
