package io.leafd.security.login;

import io.leafd.security.SecurityConfigException;
import io.leafd.security.login.LoginResult.Accepted;
import io.leafd.security.login.LoginResult.Reason;
import io.leafd.security.login.LoginResult.Refused;
import io.leafd.security.nkey.Nkey;
import io.leafd.security.permission.Permissions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All configured users, and the decision who a client is. Immutable: a changed configuration makes a new one. Any thread;
 * but ask {@link #slow} first and stay off event loops if it says so.
 *
 * <p>Order of the decision, as observed on nats-server 2.15; the first that applies decides, nothing later is tried:
 *
 * <ol>
 *   <li>an nkey is claimed and there are users with nkeys: the nkey's user, if the nonce is signed by it
 *   <li>a certificate to be mapped: the user it names; a claimed user or password is not looked at then
 *   <li>a certificate to be mapped that names nobody, and nothing claimed: refused
 *   <li>nothing is claimed: {@code no_auth_user}
 *   <li>a claimed user who is known: that user, if the password is right
 *   <li>a claimed token: its user
 * </ol>
 *
 * <p>Apart from it: beside a certificate that names nobody a password or token counts, which nats-server refuses. So one
 * listener that verifies certificates serves devices known by certificate and programs known by password.
 *
 * <p>Every failed login by user, password or token costs at least one comparison of the costliest kind that is stored, so that
 * time does not tell an unknown user from a wrong password.
 *
 * <p>Bounds: {@value #SLOW_TOKENS_MAX} bcrypt tokens, as each of them is compared with a claimed token.
 */
public final class UserDirectory {
    static final int SLOW_TOKENS_MAX = 4;

    private final boolean open;
    private final Map<String, PasswordUser> byName = new HashMap<>();
    private final Map<String, NkeyUser> byNkey = new HashMap<>();
    private final CertificateUsers byCertificate = new CertificateUsers();
    private final List<PasswordUser> byToken = new ArrayList<>();
    private final @Nullable User nobody;
    private final Password decoy;

    private record PasswordUser(User user, Password password) {}

    private record NkeyUser(User user, Nkey nkey) {}

    private UserDirectory(List<User> users, @Nullable String noAuthUser, boolean open) {
        this.open = open;
        Map<String, User> names = new HashMap<>();
        for (User user : users) {
            if (names.putIfAbsent(user.name(), user) != null) {
                throw duplicate(user, "name");
            }
            user.proofs().forEach(proof -> add(user, proof));
        }
        this.nobody = noAuthUser == null ? null : names.get(noAuthUser);
        if (noAuthUser != null && nobody == null) {
            throw new SecurityConfigException(
                    "no_auth_user", "there is no user \"" + noAuthUser + "\"", "name a configured user");
        }
        this.decoy = slowest();
        refuseManySlowTokens();
    }

    private void add(User user, Proof proof) {
        boolean added = switch (proof) {
            case Proof.ByPassword(Password password) ->
                byName.put(user.name(), new PasswordUser(user, password)) == null;
            case Proof.ByToken(Password token) ->
                byToken.stream().noneMatch(one -> one.password.storedAs(token))
                        && byToken.add(new PasswordUser(user, token));
            case Proof.ByNkey(Nkey nkey) -> byNkey.putIfAbsent(nkey.text(), new NkeyUser(user, nkey)) == null;
            case Proof.ByCertificate(String subject) -> byCertificate.add(subject, user);
        };
        if (!added) {
            throw duplicate(user, label(proof));
        }
    }

    private static String label(Proof proof) {
        return switch (proof) {
            case Proof.ByPassword password -> "password";
            case Proof.ByToken token -> "token";
            case Proof.ByNkey(Nkey nkey) -> "nkey " + nkey;
            case Proof.ByCertificate(String subject) -> "certificate subject \"" + subject + "\"";
        };
    }

    private static SecurityConfigException duplicate(User user, String what) {
        return new SecurityConfigException(
                "user \"" + user.name() + "\" of account " + user.accountName(),
                "its " + what + " is there already",
                "give each user its own");
    }

    /** The costliest stored password; a plain one of our own if none is a hash. */
    private Password slowest() {
        Password slowest = Password.stored("decoy", "decoy");
        List<PasswordUser> all = new ArrayList<>(byName.values());
        all.addAll(byToken);
        for (PasswordUser one : all) {
            if (one.password.cost() > slowest.cost()) {
                slowest = one.password;
            }
        }
        return slowest;
    }

    private void refuseManySlowTokens() {
        long slow = byToken.stream().filter(one -> one.password.slow()).count();
        if (slow > SLOW_TOKENS_MAX) {
            throw new SecurityConfigException(
                    "tokens",
                    slow + " of them are bcrypt hashes, and each login would compute all; allowed are "
                            + SLOW_TOKENS_MAX,
                    "use plain token files, or users with passwords");
        }
    }

    /**
     * No users at all: every client is accepted, whatever it claims, with all permissions.
     *
     * @param accountName the account of every connection
     */
    public static UserDirectory open(String accountName) {
        User anybody = new User("", accountName, List.of(), Permissions.ALL, Set.of());
        return new UserDirectory(List.of(anybody), "", true);
    }

    /**
     * The users of all accounts.
     *
     * @param noAuthUser name of the user that a client becomes which claims nothing, or null
     * @throws SecurityConfigException if two users share a name, nkey or certificate subject, if {@code noAuthUser} is none
     *     of them, or if there are too many bcrypt tokens
     */
    public static UserDirectory of(List<User> users, @Nullable String noAuthUser) {
        return new UserDirectory(users, noAuthUser, false);
    }

    /** Whether a client must claim something: {@code auth_required} in {@code INFO}. */
    public boolean authRequired() {
        return nobody == null;
    }

    /** Whether {@code INFO} must carry a nonce: some user has an nkey. */
    public boolean nonceNeeded() {
        return !byNkey.isEmpty();
    }

    /** Whether {@link #login} may compute a bcrypt hash for this request, which takes a tenth of a second or more. */
    public boolean slow(LoginRequest request) {
        Claim claim = request.claim();
        boolean decidedByKey = (claim.nkey() != null && nonceNeeded()) || byCertificate(request) != null;
        return decoy.slow() && !open && !decidedByKey && !claim.saysNothing();
    }

    /** Decides who the client is. Never throws for anything a client can send. */
    public LoginResult login(LoginRequest request) {
        LoginResult result = identify(request);
        if (result instanceof Accepted(User user) && !user.mayComeBy(request.via())) {
            return new Refused(Reason.CONNECTION_TYPE);
        }
        return result;
    }

    private LoginResult identify(LoginRequest request) {
        Claim claim = request.claim();
        if (open && nobody != null) {
            return new Accepted(nobody);
        }
        if (claim.nkey() != null && nonceNeeded()) {
            return byNkey(claim.nkey(), claim.signature(), request.nonce());
        }
        User certified = byCertificate(request);
        if (certified != null) {
            return new Accepted(certified);
        }
        if (claim.saysNothing()) {
            if (request.mappedCertificate() != null) {
                return new Refused(Reason.UNKNOWN_CERTIFICATE);
            }
            return nobody == null ? new Refused(Reason.NOTHING_PRESENTED) : new Accepted(nobody);
        }
        return bySecret(claim);
    }

    private LoginResult byNkey(String nkey, @Nullable String signature, String nonce) {
        NkeyUser known = byNkey.get(nkey);
        if (known == null) {
            return new Refused(Reason.UNKNOWN_NKEY);
        }
        boolean signed = signature != null && !nonce.isEmpty() && known.nkey.verifies(nonce, signature);
        return signed ? new Accepted(known.user) : new Refused(Reason.WRONG_SIGNATURE);
    }

    private @Nullable User byCertificate(LoginRequest request) {
        return request.mappedCertificate() == null ? null : byCertificate.find(request.mappedCertificate());
    }

    private LoginResult bySecret(Claim claim) {
        PasswordUser named = claim.user() == null ? null : byName.get(claim.user());
        if (named != null) {
            byte[] given = bytes(claim.password());
            return named.password.matches(given)
                    ? new Accepted(named.user)
                    : refuse(Reason.WRONG_PASSWORD, named.password, given);
        }
        if (claim.token() != null && !byToken.isEmpty()) {
            return byToken(bytes(claim.token()));
        }
        return refuse(Reason.UNKNOWN_USER, null, bytes(claim.password()));
    }

    /** Compares with every token, so that time does not tell which one is nearly right. */
    private LoginResult byToken(byte[] given) {
        User found = null;
        Password compared = null;
        for (PasswordUser one : byToken) {
            if (one.password.matches(given)) {
                found = one.user;
            }
            compared = one.password.slow() ? one.password : compared;
        }
        return found != null ? new Accepted(found) : refuse(Reason.WRONG_TOKEN, compared, given);
    }

    /** Refuses, after a comparison of the highest cost if none such was made. */
    private Refused refuse(Reason reason, @Nullable Password compared, byte[] given) {
        if (compared == null || compared.cost() < decoy.cost()) {
            decoy.matches(given); // for its duration only
        }
        return new Refused(reason);
    }

    private static byte[] bytes(@Nullable String text) {
        return text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
    }
}
