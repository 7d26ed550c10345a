package io.leafd.app.run;

import io.leafd.app.admin.AdminException;
import io.leafd.app.admin.AdminException.Code;
import io.leafd.app.config.ConfigFile;
import io.leafd.app.config.LeafdConfig;
import io.leafd.app.config.schema.ConfigException;
import io.leafd.app.config.schema.Effective;
import io.leafd.security.SecurityConfigException;
import io.leafd.systemd.SdNotify;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies a changed configuration to a running leafd, or nothing of it. Any thread, one at a time; a second one is told to come
 * back.
 */
final class Reloader {
    private static final Logger LOG = LoggerFactory.getLogger(Reloader.class);

    private final SdNotify notify;
    private final ConfigFile reader;
    private final @Nullable Path file;
    private final Consumer<LeafdConfig> apply;
    private final AtomicBoolean busy = new AtomicBoolean();
    private volatile ConfigFile.Loaded applied;

    /**
     * @param file    null when leafd runs on defaults
     * @param applied what leafd was started with
     * @param apply   makes the parts follow a configuration that differs in reloadable keys only
     */
    Reloader(
            SdNotify notify,
            ConfigFile reader,
            @Nullable Path file,
            ConfigFile.Loaded applied,
            Consumer<LeafdConfig> apply) {
        this.notify = notify;
        this.reader = reader;
        this.file = file;
        this.applied = applied;
        this.apply = apply;
    }

    /** The newest configuration that was applied. */
    LeafdConfig config() {
        return applied.config();
    }

    /**
     * Reads the files again.
     *
     * @return each change as {@code key: before -> after}
     * @throws AdminException with every problem of the files, or with the keys that need a restart; nothing has changed then
     */
    List<String> reload() {
        if (!busy.compareAndSet(false, true)) {
            throw new AdminException(Code.TRY_AGAIN, "another reload is going on");
        }
        notify.reloading();
        try {
            return reloadAlone();
        } finally {
            notify.ready("configuration read at " + Instant.now().truncatedTo(ChronoUnit.SECONDS));
            busy.set(false);
        }
    }

    private List<String> reloadAlone() {
        ConfigFile.Loaded loaded = read();
        List<Effective.Change> changes = applied.effective().changesTo(loaded.effective());
        List<Effective.Change> fixed =
                changes.stream().filter(change -> !change.reloadable()).toList();
        if (!fixed.isEmpty()) {
            throw new AdminException(
                    Code.FAILED,
                    "nothing was changed, because these keys need a restart:\n"
                            + fixed.stream().map(change -> "  " + change).collect(Collectors.joining("\n")));
        }
        apply.accept(loaded.config());
        applied = loaded;
        LOG.info("configuration reloaded changes={}", changes.size());
        return changes.stream().map(Effective.Change::toString).toList();
    }

    private ConfigFile.Loaded read() {
        try {
            ConfigFile.Loaded loaded = file == null ? reader.defaults() : reader.read(file);
            Secrets.check(loaded.config());
            return loaded;
        } catch (ConfigException | SecurityConfigException e) {
            throw new AdminException(Code.BAD_CONFIG, String.valueOf(e.getMessage()));
        }
    }
}
