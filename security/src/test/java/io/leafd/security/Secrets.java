package io.leafd.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;

/** What an error may never repeat. */
public final class Secrets {
    private static final Pattern SEED = Pattern.compile("(?<![A-Z2-7])S[A-Z2-7]{20,}");

    private Secrets() {}

    /** Checks that neither the message nor those of the causes hold what looks like a seed. */
    public static void assertNoneIn(SecurityConfigException error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            assertThat(SEED.matcher(String.valueOf(cause.getMessage())).find())
                    .as("a seed in \"%s\"", cause.getMessage())
                    .isFalse();
        }
    }
}
