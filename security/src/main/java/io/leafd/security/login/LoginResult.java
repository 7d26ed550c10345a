package io.leafd.security.login;

/** The decision on a login. */
public sealed interface LoginResult {
    /** What a peer is told that may not come in. */
    String VIOLATION = "Authorization Violation";

    /** The client is this user: bind it to the user's account, under the user's permissions. */
    record Accepted(User user) implements LoginResult {}

    /** The client is nobody. */
    record Refused(Reason reason) implements LoginResult {}

    /** Why, for our own log. */
    enum Reason {
        /** It presented nothing and there is no {@code no_auth_user}. */
        NOTHING_PRESENTED,
        /** There is no such user, or it logs in by other means. */
        UNKNOWN_USER,
        /** The password is wrong. */
        WRONG_PASSWORD,
        /** No user has this token. */
        WRONG_TOKEN,
        /** No user has this nkey. */
        UNKNOWN_NKEY,
        /** The nonce was not signed, or not by this nkey. */
        WRONG_SIGNATURE,
        /** No user has a name of this certificate. */
        UNKNOWN_CERTIFICATE,
        /** The user may not come in this way. */
        CONNECTION_TYPE,
        /** Too many logins from there have failed, or wait: this one was not looked at. */
        THROTTLED;

        /** What the peer is told: always the same, unless it may succeed when it comes again later. */
        public String answer() {
            return this == THROTTLED ? "Connection throttling is active. Please try again later." : VIOLATION;
        }

        /** Whether it was a try that could have succeeded with better luck. */
        public boolean guess() {
            return switch (this) {
                case UNKNOWN_USER, WRONG_PASSWORD, WRONG_TOKEN, UNKNOWN_NKEY, WRONG_SIGNATURE -> true;
                case NOTHING_PRESENTED, UNKNOWN_CERTIFICATE, CONNECTION_TYPE, THROTTLED -> false;
            };
        }
    }
}
