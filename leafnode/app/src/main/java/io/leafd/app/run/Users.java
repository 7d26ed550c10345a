package io.leafd.app.run;

import io.leafd.app.config.AccountConfig;
import io.leafd.app.config.LeafdConfig;
import io.leafd.app.config.UserConfig;
import io.leafd.broker.net.ClientConnection;
import io.leafd.broker.net.ClientSnapshot;
import io.leafd.broker.net.ServerContext;
import io.leafd.security.SecretFile;
import io.leafd.security.login.Password;
import io.leafd.security.login.Proof;
import io.leafd.security.login.User;
import io.leafd.security.login.UserDirectory;
import io.leafd.security.nkey.Nkey;
import io.leafd.security.nkey.NkeyType;
import io.leafd.security.permission.Permissions;
import io.leafd.security.permission.ResponseLimit;
import io.leafd.security.permission.SubjectRules;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes the directory of users from the configuration. Pure but for the secret files it reads. */
final class Users {
    private Users() {}

    /** Everybody who may log in; without any user in the file, everybody is served in the only account. */
    static UserDirectory of(LeafdConfig config) {
        if (!config.hasUsers()) {
            return UserDirectory.open(config.accounts().getFirst().name());
        }
        var users = new ArrayList<User>();
        for (AccountConfig account : config.accounts()) {
            for (UserConfig user : account.users()) {
                users.add(user(account.name(), user, users.size()));
            }
        }
        return UserDirectory.of(users, config.server().noAuthUser());
    }

    /** Whether client certificates decide who a client is. */
    static boolean byCertificate(LeafdConfig config) {
        return config.accounts().stream()
                .flatMap(account -> account.users().stream())
                .anyMatch(user -> user.login() instanceof UserConfig.Login.CertSubject);
    }

    /** Cuts off whoever is logged in as a user that is gone or not the same any more. */
    static void disconnectChanged(LeafdConfig before, LeafdConfig after, ServerContext server) {
        Map<String, UserConfig> kept = byName(after);
        Set<String> changed = new HashSet<>();
        byName(before).forEach((name, user) -> {
            if (!user.equals(kept.get(name))) {
                changed.add(name);
            }
        });
        for (ClientConnection client : server.clients().values()) {
            ClientSnapshot snapshot = client.snapshot();
            if (changed.contains(snapshot.account() + " " + snapshot.user())) {
                client.disconnect();
            }
        }
    }

    private static Map<String, UserConfig> byName(LeafdConfig config) {
        Map<String, UserConfig> users = new HashMap<>();
        int number = 0;
        for (AccountConfig account : config.accounts()) {
            for (UserConfig user : account.users()) {
                users.put(account.name() + " " + nameOf(user, account.name(), number++), user);
            }
        }
        return users;
    }

    private static User user(String account, UserConfig user, int number) {
        UserConfig.AllowResponses responses = user.allowResponses();
        Permissions permissions = Permissions.of(
                rules(user.publish()),
                rules(user.subscribe()),
                responses == null ? null : ResponseLimit.of(responses.max(), responses.expires()));
        String name = nameOf(user, account, number);
        return new User(name, account, proofs(user.login(), name), permissions, Set.of());
    }

    private static String nameOf(UserConfig user, String account, int number) {
        if (user.name() != null) {
            return user.name();
        }
        return switch (user.login()) {
            case UserConfig.Login.Nkey(String publicKey) -> publicKey;
            case UserConfig.Login.CertSubject(String subject) -> subject;
            default -> account + "-user-" + (number + 1);
        };
    }

    private static List<Proof> proofs(UserConfig.Login login, String name) {
        return switch (login) {
            case UserConfig.Login.None() -> List.of();
            case UserConfig.Login.PasswordHash(String hash) ->
                List.of(new Proof.ByPassword(Password.stored(hash, "password_hash of user \"" + name + "\"")));
            case UserConfig.Login.PasswordFile(Path file) -> List.of(new Proof.ByPassword(stored(file)));
            case UserConfig.Login.TokenFile(Path file) -> List.of(new Proof.ByToken(stored(file)));
            case UserConfig.Login.Nkey(String publicKey) ->
                List.of(new Proof.ByNkey(Nkey.parse(NkeyType.USER, publicKey)));
            case UserConfig.Login.CertSubject(String subject) -> List.of(new Proof.ByCertificate(subject));
        };
    }

    private static Password stored(Path file) {
        try (SecretFile secret = SecretFile.read(file)) {
            return Password.stored(secret.line(), file.toString());
        }
    }

    private static SubjectRules rules(UserConfig.@Nullable Permissions rules) {
        return rules == null ? SubjectRules.NONE : new SubjectRules(rules.allow(), rules.deny());
    }
}
