package io.leafd.systemd;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps systemd from ending a start that takes long and advances: a large store that is put right after damage may need more than
 * {@code TimeoutStartSec}, and would need it again at the next start. Opened and closed by the thread that starts; its ticks are
 * owned by the thread {@code start}.
 *
 * <p>Each tick looks how many bytes this process has read and written, for putting a store right is reading and writing. If they
 * have become more, it asks for {@link #MORE} from now on; if not, it says nothing, and after that time systemd ends a start that
 * hangs. The first tick comes long before any sensible {@code TimeoutStartSec}, so a usual start sends nothing.
 *
 * <p>Source: {@code EXTEND_TIMEOUT_USEC} in {@code sd_notify(3)}.
 */
public final class LongStart implements AutoCloseable {
    /** Asked for at each tick: three ticks may find nothing new before it is over. */
    static final Duration MORE = Duration.ofSeconds(40);

    private static final long TICK_SECONDS = 10;
    private static final Path IO = Path.of("/proc/self/io");

    private final SdNotify notify;
    private final LongSupplier movedBytes;
    private final @Nullable ScheduledThreadPoolExecutor timer;
    private long movedBefore;

    /** @param movedBytes how many bytes this process has read and written so far */
    LongStart(SdNotify notify, LongSupplier movedBytes, boolean ticking) {
        this.notify = notify;
        this.movedBytes = movedBytes;
        this.movedBefore = movedBytes.getAsLong();
        this.timer = ticking
                ? new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().name("start").daemon().factory())
                : null;
        if (timer != null) {
            timer.scheduleAtFixedRate(this::tick, TICK_SECONDS, TICK_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** Begins to look; does nothing where no service manager listens. */
    public static LongStart begin(SdNotify notify) {
        return new LongStart(notify, notify.active() ? LongStart::movedBytes : () -> 0, notify.active());
    }

    /** One look. */
    void tick() {
        long moved = movedBytes.getAsLong();
        if (moved != movedBefore) {
            movedBefore = moved;
            notify.extendTimeout(MORE);
            notify.status("starting, the store is not open yet");
        }
    }

    /**
     * What the kernel counts as read and written, from its cache or the medium: the lines {@code rchar: N} and {@code wchar: N}.
     * Reading them is counted too, a hundred bytes or so a look, which is no advance: so only whole megabytes count.
     */
    static long movedBytes() {
        try {
            return Files.readAllLines(IO).stream()
                            .filter(line -> line.startsWith("rchar: ") || line.startsWith("wchar: "))
                            .mapToLong(line -> Long.parseLong(line.substring("rchar: ".length())))
                            .sum()
                    >> 20;
        } catch (IOException | NumberFormatException e) {
            return System.nanoTime(); // a kernel that does not count them: every start advances
        }
    }

    /** The start is over. Idempotent. */
    @Override
    public void close() {
        if (timer != null) {
            timer.shutdownNow();
        }
    }
}
