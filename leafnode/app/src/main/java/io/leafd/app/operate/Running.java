package io.leafd.app.operate;

import io.leafd.app.admin.AdminException;
import io.leafd.app.config.LeafdConfig;
import io.leafd.broker.net.ServerContext;
import io.leafd.http.Sources;
import io.leafd.jetstream.JetStream;
import io.leafd.jetstream.JetStreamStats;
import io.leafd.link.Links;
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
 * @param store     null together with {@code jetStream}: no account has JetStream
 */
public record Running(
        Supplier<LeafdConfig> config,
        Map<String, String> listeners,
        ServerContext server,
        Sources sources,
        Links links,
        @Nullable JetStream jetStream,
        @Nullable Store store) {

    private static final long STORE_WAIT_SECONDS = 3;

    /** Streams as they are now. */
    JetStreamStats streams() {
        return jetStream == null ? new JetStreamStats(List.of()) : await(jetStream.stats(true));
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
