package io.leafd.app.admin;

/** A command that could not be carried out. The message is for the person who gave it. */
public final class AdminException extends RuntimeException {
    /** Exit codes of the commands, as sysexits.h has them. */
    public enum Code {
        FAILED(1),
        NOT_REACHABLE(69),
        TRY_AGAIN(75),
        NOT_PERMITTED(77),
        BAD_CONFIG(78);

        private final int exit;

        Code(int exit) {
            this.exit = exit;
        }

        public int exit() {
            return exit;
        }

        static Code of(long exit) {
            for (Code code : values()) {
                if (code.exit == exit) {
                    return code;
                }
            }
            return FAILED;
        }
    }

    private final Code code;

    public AdminException(Code code, String message) {
        super(message);
        this.code = code;
    }

    public Code code() {
        return code;
    }
}
