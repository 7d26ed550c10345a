package io.leafd.app.operate;

import io.leafd.app.admin.AdminException;
import io.leafd.app.config.LeafdConfig;
import io.leafd.broker.net.ServerContext;
import io.leafd.http.Sources;
import io.leafd.jetstream.JetStream;
import io.leafd.jetstream.JetStreamStats;
import io.leafd.link.Links;
import io.leafd.link.forward.Forwards;
import io.leafd.store.Store;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a running leafd that are asked. Immutable; any thread.
 *
 * @param config    the newest that was applied
 * @param listeners what listens where, by its name in the configuration
 * @param sources   what monitoring shows
 * @param uplinks   the links to upstreams and what goes up on them
 * @param store     null together with {@code jetStream}: no account has JetStream
 */
public record Running(
        Supplier<LeafdConfig> config,
        Map<String, String> listeners,
        ServerContext server,
        Sources sources,
        Uplinks uplinks,
        @Nullable JetStream jetStream,
        @Nullable Store store) {

    private static final long STORE_WAIT_SECONDS = 3;
    private static final long FRESH_WAIT_MS = 1_000;

    /**
     * The links to upstreams.
     *
     * @param forwards of all of them
     */
    public record Uplinks(Links links, List<Forwards> forwards) {
        /** Copies the list. */
        public Uplinks {
            forwards = List.copyOf(forwards);
        }
    }

    Links links() {
        return uplinks.links();
    }

    /** Streams as they are now. */
    JetStreamStats streams() {
        return jetStream == null ? new JetStreamStats(List.of()) : await(jetStream.stats(true));
    }

    /** Streams as they are now; as they were last seen while the store is too busy to say. */
    JetStreamStats recentStreams() {
        JetStreamStats last = sources.jetStream();
        return jetStream == null || last == null ? new JetStreamStats(List.of()) : fresh(jetStream.stats(true), last);
    }

    /** What the store loop answers soon, otherwise {@code last}: who asks how leafd is must hear it while the disk hangs. */
    static <T> T fresh(Future<T> answer, T last) {
        try {
            return answer.get(FRESH_WAIT_MS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            return last;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return last;
        }
    }

    /**
     * What the store loop answers. A hanging disk must not hang the command.
     *
     * @throws AdminException when it answers with an exception, or not in time
     */
    public static <T> T await(Future<T> answer) {
        try {
            return answer.get(STORE_WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AdminException(
                    AdminException.Code.TRY_AGAIN,
                    "the store did not answer within " + STORE_WAIT_SECONDS + " s: its disk is very busy or hangs");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AdminException refused) {
                throw refused;
            }
            String reason = e.getCause() == null ? null : e.getCause().getMessage();
            throw new AdminException(AdminException.Code.FAILED, String.valueOf(reason));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AdminException(AdminException.Code.TRY_AGAIN, "interrupted");
        }
    }
}
