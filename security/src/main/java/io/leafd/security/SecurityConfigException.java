package io.leafd.security;

import org.jspecify.annotations.Nullable;

/**
 * Keys, certificates, users or permissions that cannot be used as they are. Thrown while configuration is read and while
 * files are read again, never because of what a connecting peer sent.
 *
 * <p>The message is one line for the box owner, {@code WHERE: PROBLEM; REMEDY}, for example
 * {@code /etc/leafd/keys/hub.nk: others may read it (mode rw-r--r--); run: chmod o-rwx /etc/leafd/keys/hub.nk}. It never
 * holds a secret.
 */
public final class SecurityConfigException extends RuntimeException {
    private final String where;
    private final String problem;
    private final String remedy;

    /**
     * @param where the file or the value that is wrong, as its owner knows it
     * @param problem what is wrong, with the values that are not secret
     * @param remedy what to do next
     */
    public SecurityConfigException(String where, String problem, String remedy) {
        this(where, problem, remedy, null);
    }

    /** As above, with the exception that told us. */
    public SecurityConfigException(String where, String problem, String remedy, @Nullable Throwable cause) {
        super(where + ": " + problem + "; " + remedy, cause);
        this.where = where;
        this.problem = problem;
        this.remedy = remedy;
    }

    /** The file or value that is wrong. */
    public String where() {
        return where;
    }

    /** What is wrong with it. */
    public String problem() {
        return problem;
    }

    /** What to do next. */
    public String remedy() {
        return remedy;
    }
}
