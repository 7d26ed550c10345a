package io.leafd.broker.net;

import io.netty.channel.EventLoop;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line of log per address and minute for connections that were turned away, however many there are. Any thread.
 *
 * <p>The first refusal of an address is told as it is; those of the minute behind it are counted, and the count is told when the
 * minute is over. Bound: {@value #ADDRESSES_MAX} addresses at one time; those beyond it share one line.
 */
public final class RefusalLog {
    static final int ADDRESSES_MAX = 1024;

    private static final Logger LOG = LoggerFactory.getLogger(RefusalLog.class);
    private static final String OTHERS = "others";

    private final ConcurrentHashMap<String, AtomicInteger> uncounted = new ConcurrentHashMap<>();

    /**
     * A connection is turned away.
     *
     * @param remote its address
     * @param loop counts the minute
     * @param what kind of peer and why, as {@code key=value}; no secret
     */
    public void refused(String remote, EventLoop loop, String what) {
        String address = uncounted.size() < ADDRESSES_MAX || uncounted.containsKey(remote) ? remote : OTHERS;
        AtomicInteger more = uncounted.putIfAbsent(address, new AtomicInteger());
        if (more != null) {
            more.incrementAndGet();
            return;
        }
        LOG.warn("connection refused remote={} {}", address.equals(OTHERS) ? OTHERS + " like " + remote : remote, what);
        loop.schedule(() -> minuteOver(address), 1, TimeUnit.MINUTES);
    }

    private void minuteOver(String address) {
        AtomicInteger more = uncounted.remove(address);
        if (more != null && more.get() > 0) {
            LOG.warn("more connections refused in the last minute remote={} count={}", address, more.get());
        }
    }

    /** Addresses of the current minute. */
    int size() {
        return uncounted.size();
    }
}
