package io.leafd.security.permission;

import java.time.Duration;

/**
 * {@code allow_responses}: how often, and for how long, a client may answer a message it received.
 *
 * @param answersMax answers to one reply subject; {@link #UNLIMITED} for no bound
 * @param expiry time from the delivery to the last answer; {@link Duration#ZERO} for no bound
 */
public record ResponseLimit(int answersMax, Duration expiry) {
    /** No bound on the number of answers. */
    public static final int UNLIMITED = -1;

    /** {@code allow_responses = true}: one answer within two minutes. */
    public static final ResponseLimit DEFAULT = new ResponseLimit(1, Duration.ofMinutes(2));

    /** Refuses what {@link #of} would have translated. */
    public ResponseLimit {
        if (answersMax == 0 || answersMax < UNLIMITED || expiry.isNegative()) {
            throw new IllegalArgumentException("answersMax " + answersMax + ", expiry " + expiry);
        }
    }

    /** As configurations and JWTs write it: 0 stands for the default, a negative value for no bound. */
    public static ResponseLimit of(int max, Duration expires) {
        return new ResponseLimit(
                max == 0 ? DEFAULT.answersMax : Math.max(max, UNLIMITED),
                expires.isZero() ? DEFAULT.expiry : expires.isNegative() ? Duration.ZERO : expires);
    }
}
