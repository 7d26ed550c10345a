package io.leafd.link;

import io.leafd.link.budget.BudgetStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A link as the box owner sees it. Immutable, any thread.
 *
 * @param name of the upstream in the configuration
 * @param account local account
 * @param state one of "waiting", "handshaking", "connected", "stopped"
 * @param url the configured URL that is connected, or was tried last
 * @param sinceMs wall clock, ms since 1970, of the last change of state
 * @param retryInMs time to the next attempt while waiting, else 0
 * @param failures attempts in a row that failed
 * @param connects connections established since the start
 * @param lastError why the last attempt or connection ended, null if none has
 * @param lastErrorAtMs when, ms since 1970, 0 if none has
 * @param peer who is connected, null unless connected
 * @param traffic since the start of the process
 * @param budget what was sent of it; null if there is none
 * @param refused what the peer's permissions kept from crossing
 */
public record LinkStatus(
        String name,
        String account,
        String state,
        String url,
        long sinceMs,
        long retryInMs,
        int failures,
        long connects,
        @Nullable String lastError,
        long lastErrorAtMs,
        @Nullable Peer peer,
        Traffic traffic,
        @Nullable BudgetStatus budget,
        List<RefusedSubject> refused) {

    /**
     * The other end of a connection.
     *
     * @param name of the server
     * @param address host and port
     * @param domain its JetStream domain, empty for none
     * @param account at its end
     * @param rttNs last measured round trip, 0 before the first
     * @param interest what each end has told the other
     */
    public record Peer(
            String name,
            String version,
            String address,
            String domain,
            String account,
            long rttNs,
            Interest interest) {}

    /**
     * Filters told to the peer and heard from it. Two hashes are equal exactly if the same filters were told, whatever the
     * order, so that an operator can see whether a reconnect brought everything back.
     */
    public record Interest(int told, long toldHash, int heard, long heardHash) {}

    /**
     * Messages and bytes that crossed, and messages that did not.
     *
     * @param refused kept back by a rule
     * @param overflowed live messages given up because the link could not keep up
     * @param oversized over the receiver's size
     */
    public record Traffic(
            long inMessages,
            long inBytes,
            long outMessages,
            long outBytes,
            long refused,
            long overflowed,
            long oversized) {
        static Traffic of(LeafTraffic t) {
            return new Traffic(
                    t.inMessages.sum(),
                    t.inBytes.sum(),
                    t.outMessages.sum(),
                    t.outBytes.sum(),
                    t.refused.sum(),
                    t.overflowed.sum(),
                    t.oversized.sum());
        }
    }

    /** A subject that did not cross, and the rule that kept it. */
    public record RefusedSubject(String direction, String subject, String rule, long count) {}
}
