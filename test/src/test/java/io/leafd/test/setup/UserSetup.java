package io.leafd.test.setup;

/**
 * A user of one account.
 *
 * @param credential how the user proves who it is
 * @param responses how often and how long it may answer requests it received, on top of {@code publish}
 */
public record UserSetup(Credential credential, Permission publish, Permission subscribe, Responses responses) {

    /** What a client must present. */
    public sealed interface Credential {

        /** Name and password, known to the server in clear text. */
        record Password(String name, String password) implements Credential {}

        /** Name and password, known to the server as bcrypt hash. */
        record PasswordHash(String name, String hash) implements Credential {}

        /** A token without a name. */
        record Token(String token) implements Credential {}

        /** The signature of an NKEY; the server knows the public key, {@code U…}. */
        record Nkey(String publicKey) implements Credential {}

        /** A client certificate that carries this name or this distinguished name; the server is set up to map certificates. */
        record Certificate(String subject) implements Credential {}
    }

    /**
     * Permission to answer.
     *
     * @param max answers for each request; 0 for no such permission
     * @param expires Go duration such as {@code "2m"}
     */
    public record Responses(int max, String expires) {

        /** No permission to answer beyond the publish permission. */
        public static final Responses NONE = new Responses(0, "");

        boolean any() {
            return max != 0;
        }
    }

    /** A user with a password who may do everything. */
    public static UserSetup user(String name, String password) {
        return of(new Credential.Password(name, password));
    }

    /** A user with the given credential who may do everything. */
    public static UserSetup of(Credential credential) {
        return new UserSetup(credential, Permission.ALL, Permission.ALL, Responses.NONE);
    }

    /** The same user with this publish permission. */
    public UserSetup publish(Permission permission) {
        return new UserSetup(credential, permission, subscribe, responses);
    }

    /** The same user with this subscribe permission. */
    public UserSetup subscribe(Permission permission) {
        return new UserSetup(credential, publish, permission, responses);
    }

    /** The same user, allowed to answer requests. */
    public UserSetup responses(int max, String expires) {
        return new UserSetup(credential, publish, subscribe, new Responses(max, expires));
    }
}
