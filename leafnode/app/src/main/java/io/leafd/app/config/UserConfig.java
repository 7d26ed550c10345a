package io.leafd.app.config;

import static io.leafd.app.config.schema.Key.optional;
import static io.leafd.app.config.schema.Key.withDefault;

import io.leafd.app.config.schema.Key;
import io.leafd.app.config.schema.Kinds;
import io.leafd.app.config.schema.Section;
import io.leafd.app.config.schema.Table;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code [[accounts.NAME.users]]}. Immutable.
 *
 * @param name           for password logins what the client says, otherwise only for people; may be null
 * @param allowResponses null: it may answer requests only where {@code publish} allows it
 */
public record UserConfig(
        @Nullable String name,
        Login login,
        Permissions publish,
        Permissions subscribe,
        @Nullable AllowResponses allowResponses) {

    /** How the user proves who it is. */
    public sealed interface Login {
        /** Of the user that {@code no_auth_user} names. */
        record None() implements Login {}

        /** @param hash bcrypt */
        record PasswordHash(String hash) implements Login {
            @Override
            public String toString() {
                return "PasswordHash[hidden]";
            }
        }

        /** The file holds the password or its bcrypt hash. */
        record PasswordFile(Path file) implements Login {}

        /** @param publicKey {@code U…} */
        record Nkey(String publicKey) implements Login {}

        record TokenFile(Path file) implements Login {}

        /** The subject, or a name, of the client's certificate. */
        record CertSubject(String subject) implements Login {}
    }

    /**
     * Subjects, each optionally with a space and the queue group to which it is limited.
     *
     * @param allow empty allows all
     * @param deny  wins over {@code allow}
     */
    public record Permissions(List<String> allow, List<String> deny) {
        static final Permissions ALL = new Permissions(List.of(), List.of());
    }

    /** Leave to answer to the reply subject of a delivered message, so often and so long. */
    public record AllowResponses(int max, Duration expires) {}

    static final Key<String> NAME = optional(
                    "name", NatsKinds.user(), "only the key, token or certificate counts", "\"sensor\"")
            .reload()
            .doc("Name of the user. Needed with a password.");
    static final Key<String> PASSWORD_HASH = optional(
                    "password_hash",
                    NatsKinds.bcryptHash(),
                    "another way to log in",
                    "\"$2a$11$3RRUiLzy.Ib1T7ZbgUCYpuPPLZ3NCHnnWrbEHNhWQxLQxNUqGmUKK\"")
            .reload()
            .doc("bcrypt hash of the password; `leafd passwd` makes one.");
    static final Key<Path> PASSWORD_FILE = optional(
                    "password_file", SecretFile.secret(), "another way to log in", "\"/etc/leafd/keys/sensor.pw\"")
            .reload()
            .doc("File with the password or its bcrypt hash.");
    static final Key<String> NKEY = optional(
                    "nkey",
                    NatsKinds.publicNkey(),
                    "another way to log in",
                    "\"UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4\"")
            .reload()
            .doc("Public NKEY; the client signs with the seed that only it has (`leafd nkey`).");
    static final Key<Path> TOKEN_FILE = optional(
                    "token_file", SecretFile.secret(), "another way to log in", "\"/etc/leafd/keys/sensor.token\"")
            .reload()
            .doc("File with the token that the client shows.");
    static final Key<String> CERT_SUBJECT = optional(
                    "cert_subject", NatsKinds.line(), "another way to log in", "\"CN=press-7,O=Plant\"")
            .reload()
            .doc(
                    "Subject of the client's certificate, or an e-mail, DNS or URI name in it. Needs `verify = true` at the"
                            + " listener's TLS. A client whose certificate names no user may still log in another way.");

    static final Key<List<String>> ALLOW =
            withDefault("allow", NatsKinds.permissions(), List.of()).reload().doc("What is allowed; empty allows all.");
    static final Key<List<String>> DENY =
            withDefault("deny", NatsKinds.permissions(), List.of()).reload().doc("What is denied even so.");
    static final Table PERMISSIONS = Table.of("Subjects that the user may use.", ALLOW, DENY);

    static final Key<Integer> RESPONSES_MAX =
            withDefault("max", Kinds.count(1, 1_000_000), 1L).reload().doc("Most answers to one request.");
    static final Key<Duration> RESPONSES_EXPIRE =
            withDefault("expires", Kinds.duration("1s", "1d"), "2m").reload().doc("How long after the request.");
    static final Table RESPONSES = Table.of(
            "Lets the user answer requests although `publish` does not allow the reply subjects.",
            RESPONSES_MAX,
            RESPONSES_EXPIRE);

    static final List<Key<?>> LOGINS = List.of(PASSWORD_HASH, PASSWORD_FILE, NKEY, TOKEN_FILE, CERT_SUBJECT);

    static final Table TABLE = Table.of(
                    "Somebody who may connect, with exactly one way to log in.",
                    NAME,
                    PASSWORD_HASH,
                    PASSWORD_FILE,
                    NKEY,
                    TOKEN_FILE,
                    CERT_SUBJECT)
            .with("publish", Table.Shape.OPTIONAL, PERMISSIONS)
            .with("subscribe", Table.Shape.OPTIONAL, PERMISSIONS)
            .with("allow_responses", Table.Shape.OPTIONAL, RESPONSES)
            .refusing(Map.of(
                    "password",
                    "a password does not belong in this file; use password_hash (made by: leafd passwd) or password_file",
                    "token",
                    "a token does not belong in this file; put it into a file of mode 0600 and name that as token_file",
                    "user",
                    "the name of a user is called name"));

    static UserConfig of(Section user) {
        Section responses = user.find("allow_responses");
        return new UserConfig(
                user.find(NAME),
                login(user),
                permissions(user.find("publish")),
                permissions(user.find("subscribe")),
                responses == null
                        ? null
                        : new AllowResponses(responses.get(RESPONSES_MAX), responses.get(RESPONSES_EXPIRE)));
    }

    private static Login login(Section user) {
        if (user.isSet(PASSWORD_HASH)) {
            return new Login.PasswordHash(user.get(PASSWORD_HASH));
        }
        if (user.isSet(PASSWORD_FILE)) {
            return new Login.PasswordFile(user.get(PASSWORD_FILE));
        }
        if (user.isSet(NKEY)) {
            return new Login.Nkey(user.get(NKEY));
        }
        if (user.isSet(TOKEN_FILE)) {
            return new Login.TokenFile(user.get(TOKEN_FILE));
        }
        return user.isSet(CERT_SUBJECT) ? new Login.CertSubject(user.get(CERT_SUBJECT)) : new Login.None();
    }

    private static Permissions permissions(@Nullable Section section) {
        return section == null ? Permissions.ALL : new Permissions(section.get(ALLOW), section.get(DENY));
    }
}
