package io.leafd.broker.net;

import io.leafd.security.login.Claim;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How many logins may still fail, by who tries. Any thread.
 *
 * <p>Two buckets are asked before a password is looked at. One belongs to an address and the user it claims: a device with a
 * wrong password, which tries again and again, empties that one and no other, so its neighbours behind the same router are
 * served as ever. The other belongs to the address alone and is large: only somebody who goes through many names empties it.
 * An attempt that finds an empty bucket is refused without a look at its password, and costs no token.
 *
 * <pre>
 *   address + user   {@value #USER_BURST} failures, then {@value #USER_PER_SECOND} a second
 *   address          {@value #ADDRESS_BURST} failures, then {@value #ADDRESS_PER_SECOND} a second
 * </pre>
 *
 * <p>Only failures cost anything, and every bucket fills again by itself: nobody is locked out for longer than the trouble
 * lasts. Bound: {@value #BUCKETS_MAX} buckets; beyond it full ones go, then any. The addresses of an IPv6 network of 64 bits
 * are one address: whoever has one of them has them all.
 */
final class LoginThrottle {
    static final int USER_BURST = 10;
    static final int USER_PER_SECOND = 1;
    static final int ADDRESS_BURST = 100;
    static final int ADDRESS_PER_SECOND = 10;
    static final int BUCKETS_MAX = 4096;

    private static final int NAME_MAX_CHARS = 64;
    private static final double NS_PER_SECOND = 1e9;

    private final ConcurrentHashMap<Key, Bucket> buckets = new ConcurrentHashMap<>();
    private final LongSupplier nanoTime;

    /** Whose failures: {@code who} is null for those of the address as a whole. */
    private record Key(String network, @Nullable String who) {
        double burst() {
            return who == null ? ADDRESS_BURST : USER_BURST;
        }

        double perSecond() {
            return who == null ? ADDRESS_PER_SECOND : USER_PER_SECOND;
        }
    }

    /** The failures left at a moment. */
    private record Bucket(double left, long atNs) {
        double leftAt(long nowNs, Key key) {
            return Math.min(key.burst(), left + (nowNs - atNs) / NS_PER_SECOND * key.perSecond());
        }
    }

    LoginThrottle(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Whether a login from there may be tried at all. */
    boolean mayTry(String address, Claim claim) {
        long nowNs = nanoTime.getAsLong();
        String network = network(address);
        return mayTry(new Key(network, null), nowNs) && mayTry(new Key(network, who(claim)), nowNs);
    }

    private boolean mayTry(Key key, long nowNs) {
        Bucket bucket = buckets.get(key);
        return bucket == null || bucket.leftAt(nowNs, key) >= 1;
    }

    /** Counts a login that was tried and failed. */
    void failed(String address, Claim claim) {
        long nowNs = nanoTime.getAsLong();
        String network = network(address);
        take(new Key(network, null), nowNs);
        take(new Key(network, who(claim)), nowNs);
    }

    private void take(Key key, long nowNs) {
        if (buckets.size() >= BUCKETS_MAX && !buckets.containsKey(key)) {
            makeRoom(nowNs);
        }
        buckets.compute(key, (same, bucket) -> {
            double left = bucket == null ? key.burst() : bucket.leftAt(nowNs, key);
            return new Bucket(Math.max(0, left - 1), nowNs);
        });
    }

    private void makeRoom(long nowNs) {
        buckets.entrySet()
                .removeIf(entry -> entry.getValue().leftAt(nowNs, entry.getKey())
                        >= entry.getKey().burst());
        var keys = buckets.keySet().iterator();
        while (buckets.size() >= BUCKETS_MAX && keys.hasNext()) {
            keys.next();
            keys.remove();
        }
    }

    /** Buckets in use. */
    int size() {
        return buckets.size();
    }

    /** The name that is claimed, cut to a bound; empty for a token. */
    private static String who(Claim claim) {
        String name = claim.user() != null ? claim.user() : claim.nkey();
        return name == null ? "" : name.substring(0, Math.min(name.length(), NAME_MAX_CHARS));
    }

    /** An IPv4 address itself; of an IPv6 address, as Java writes it without abbreviation, the first four groups. */
    private static String network(String address) {
        int end = -1;
        for (int groups = 0; groups < 4; groups++) {
            end = address.indexOf(':', end + 1);
            if (end < 0) {
                return address;
            }
        }
        return address.substring(0, end);
    }
}
