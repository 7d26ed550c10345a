package io.leafd.app.config;

import io.leafd.app.config.schema.Key;
import io.leafd.app.config.schema.Problems;
import io.leafd.app.config.schema.Section;
import io.leafd.app.config.schema.Spelling;
import io.leafd.app.config.schema.TomlText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Rules between accounts and their users. */
final class AccountRules {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    private final Section root;
    private final List<String> accounts;
    private final Problems problems;
    private final List<Section> users = new ArrayList<>();

    AccountRules(Section root, List<String> accounts, Problems problems) {
        this.root = root;
        this.accounts = accounts;
        this.problems = problems;
    }

    void check() {
        for (Section account : root.all("accounts")) {
            if (!NAME.matcher(account.name()).matches()) {
                problems.add(
                        account.position(),
                        TomlText.quote(account.name())
                                + " is no name of an account: letters, digits, - and _ (at most 64)");
            }
            users.addAll(account.all("users"));
        }
        new ImportRules(root, accounts, problems).check();
        Section server = root.get("server");
        String noAuthUser = server.find(ServerConfig.NO_AUTH_USER);
        users.forEach(user -> login(user, noAuthUser));
        sameUserTwice();
        noAuthUser(server, noAuthUser);
        somebodyCanLogIn();
    }

    private void login(Section user, @Nullable String noAuthUser) {
        List<Key<?>> said = UserConfig.LOGINS.stream().filter(user::isSet).toList();
        String name = user.find(UserConfig.NAME);
        if (said.isEmpty() && (name == null || !name.equals(noAuthUser))) {
            problems.add(
                    user.position(),
                    "nobody can log in as this user of " + user.title() + "; add one of " + names(UserConfig.LOGINS));
        }
        if (said.size() > 1) {
            problems.add(user.positionOf(said.get(1)), "a user has one way to log in; keep one of " + names(said));
        }
        boolean password = user.isSet(UserConfig.PASSWORD_HASH) || user.isSet(UserConfig.PASSWORD_FILE);
        if (password && !user.isSet(UserConfig.NAME)) {
            problems.add(user.position(), "name is missing in " + user.title() + ": a user with a password needs one");
        }
        if (user.isSet(UserConfig.CERT_SUBJECT) && !someListenerVerifies()) {
            problems.add(
                    user.positionOf(UserConfig.CERT_SUBJECT),
                    "cert_subject needs a listener that asks for certificates; set verify = true and ca_file in [tls]");
        }
    }

    private boolean someListenerVerifies() {
        List<@Nullable Section> tables = new ArrayList<>();
        tables.add(LeafdConfig.own(root.get("server"), root.find("tls")));
        Section leafnodes = root.find("leafnodes");
        tables.add(leafnodes == null ? null : LeafdConfig.own(leafnodes, root.find("tls")));
        return tables.stream().anyMatch(tls -> tls != null && Boolean.TRUE.equals(tls.find(TlsConfig.VERIFY)));
    }

    private static String names(List<Key<?>> keys) {
        return keys.stream().map(Key::name).collect(Collectors.joining(", "));
    }

    /** Whoever logs in must be one user only: names, keys and certificates are unique over all accounts. */
    private void sameUserTwice() {
        for (Key<String> key : List.of(UserConfig.NAME, UserConfig.NKEY, UserConfig.CERT_SUBJECT)) {
            Map<String, Section> first = new HashMap<>();
            for (Section user : users) {
                String value = user.find(key);
                Section earlier = value == null ? null : first.putIfAbsent(value, user);
                if (earlier != null) {
                    problems.add(
                            user.positionOf(key),
                            "there is another user with " + key.name() + " = " + TomlText.quote(String.valueOf(value))
                                    + " at " + earlier.positionOf(key));
                }
            }
        }
    }

    private void noAuthUser(Section server, @Nullable String name) {
        List<String> names = users.stream()
                .map(user -> user.find(UserConfig.NAME))
                .filter(found -> found != null)
                .map(String::valueOf)
                .toList();
        if (name != null && !names.contains(name)) {
            problems.add(
                    server.positionOf(ServerConfig.NO_AUTH_USER),
                    "no_auth_user: no account has a user " + TomlText.quote(name) + Spelling.hint(name, names));
        }
    }

    private void somebodyCanLogIn() {
        List<Section> sections = root.all("accounts");
        if (sections.size() > 1 && users.isEmpty()) {
            problems.add(
                    sections.getFirst().position(),
                    "there are " + sections.size() + " accounts and no user: nobody could log in; add [[" + "accounts."
                            + sections.getFirst().name() + ".users]]");
        }
    }
}
