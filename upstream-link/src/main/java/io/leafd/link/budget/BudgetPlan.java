package io.leafd.link.budget;

import java.time.Duration;

/**
 * The most that a link may send in a period, and what each kind of data may have of it. Immutable.
 *
 * <pre>
 *   0 ──────────────── everything ───────────────┬─ urgent only ─┬─ control ─┐ bytes
 *                                       ordinaryBytes       urgentBytes
 * </pre>
 *
 * <p>Control frames (PING, PONG, interest, requests and acknowledgements of mirrors) always pass, else the link would be lost
 * with the budget, and what comes down with it. So data ends early by what they may still need until the period is over:
 * {@value #KEEP_ALIVE_BYTES} bytes for each ping interval of a whole period (a PING and a PONG, each in a TLS record), and
 * the fiftieth part of the budget for the rest and for reconnects. The tenth part before that is for who may not wait: live
 * messages, and forwards of priority {@value #URGENT_PRIORITY} and higher.
 *
 * @param bytes most that is sent in a period, more than 0
 * @param pingInterval between the PINGs of the link
 */
public record BudgetPlan(long bytes, Period period, Duration pingInterval) {
    /** Forwards of this priority and higher may use what is kept for the urgent. */
    public static final int URGENT_PRIORITY = 8;

    private static final long KEEP_ALIVE_BYTES = 64;
    private static final int SPARE_PART = 50;
    private static final int URGENT_PART = 10;
    private static final int LEASE_PART = 100;
    private static final long BATCH_BYTES = 128L << 10;

    /** Where ordinary data ends. */
    public long ordinaryBytes() {
        return Math.max(0, urgentBytes() - bytes / URGENT_PART);
    }

    /** Where all data ends. */
    public long urgentBytes() {
        return Math.max(0, bytes - bytes / SPARE_PART - keepAliveBytes(period, pingInterval));
    }

    /** How much is taken from the budget ahead, durably, before it is sent: the most that a kill wastes. */
    long leaseBytes() {
        return Math.max(1, bytes / LEASE_PART);
    }

    /** What it takes to keep an idle connection up for a period. */
    public static long keepAliveBytes(Period period, Duration pingInterval) {
        return KEEP_ALIVE_BYTES * (period.longest().toMillis() / Math.max(1, pingInterval.toMillis()) + 1);
    }

    /**
     * The least budget that is of any use: ordinary data has as much as control frames, and the largest message passes, with
     * those that a forward has put into one batch with it. What did not fit would wait for ever.
     *
     * @param messageMaxBytes headers and payload of the largest message
     */
    public static long leastBytes(Period period, Duration pingInterval, long messageMaxBytes) {
        long data = messageMaxBytes + messageMaxBytes / LEASE_PART + BATCH_BYTES;
        long needed = 2 * keepAliveBytes(period, pingInterval) + data;
        return needed + needed / 7; // a seventh of it is an eighth of the sum: what goes to spare and urgent
    }
}
