package io.leafd.app.config.schema;

/**
 * One thing that is wrong with a configuration. Immutable.
 *
 * @param position where
 * @param message  what is wrong and what to do about it; never holds a secret
 */
public record Problem(Position position, String message) {
    /** {@code leafd.toml:14:3: unknown key "max_paylod" in [server]; did you mean "max_payload"?}. */
    @Override
    public String toString() {
        return position + ": " + message;
    }
}
