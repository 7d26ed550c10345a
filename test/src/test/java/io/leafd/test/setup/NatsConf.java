package io.leafd.test.setup;

import io.leafd.test.setup.UserSetup.Credential;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Translation of a {@link ServerSetup} for nats-server, without the listening address. */
public final class NatsConf {

    private final ServerSetup setup;
    private final StringBuilder text = new StringBuilder();

    private NatsConf(ServerSetup setup) {
        this.setup = setup;
    }

    /**
     * The configuration text.
     *
     * @param directory of the server; data goes below it
     */
    public static String of(ServerSetup setup, Path directory) {
        return new NatsConf(setup).render(directory);
    }

    private String render(Path directory) {
        line("server_name: %s".formatted(quoted(setup.name())));
        setup.options().forEach(this::option);
        if (setup.domain() != null) {
            line("jetstream { store_dir: %s, domain: %s }"
                    .formatted(quoted(directory.resolve("js").toString()), quoted(setup.domain())));
        }
        if (setup.noAuthUser() != null) {
            line("no_auth_user: %s".formatted(quoted(setup.noAuthUser())));
        }
        tls();
        List<AccountSetup> named =
                setup.accounts().stream().filter(account -> !isToken(account)).toList();
        if (!named.isEmpty()) {
            line("accounts {");
            named.forEach(this::account);
            line("}");
        }
        authorization();
        return text.toString();
    }

    private void option(String key, String value) {
        if (!key.equals("auth_timeout")) { // lives in the authorization block
            line("%s: %s".formatted(key, Character.isDigit(value.charAt(value.length() - 1)) ? value : quoted(value)));
        }
    }

    private void tls() {
        TlsSetup tls = setup.tls();
        if (tls != null) {
            line("tls {");
            line("  cert_file: %s".formatted(quoted(tls.certificate().toString())));
            line("  key_file: %s".formatted(quoted(tls.key().toString())));
            line("  ca_file: %s".formatted(quoted(tls.authority().toString())));
            line("  verify: %s".formatted(tls.verify()));
            line("  verify_and_map: %s".formatted(tls.map()));
            line("  timeout: %d".formatted(tls.handshakeMaxSeconds()));
            line("  handshake_first: %s".formatted(tls.first()));
            line("}");
        }
    }

    /** nats-server knows a single token, beside the accounts: an account of this setup that only has one is that token. */
    private void authorization() {
        line("authorization {");
        String timeout = setup.options().get("auth_timeout");
        if (timeout != null) {
            line("  timeout: %s".formatted(quoted(timeout)));
        }
        for (AccountSetup account : setup.accounts()) {
            for (UserSetup user : account.users()) {
                if (user.credential() instanceof Credential.Token(String token)) {
                    line("  token: %s".formatted(quoted(token)));
                }
            }
        }
        line("}");
    }

    private static boolean isToken(AccountSetup account) {
        return account.users().stream().anyMatch(user -> user.credential() instanceof Credential.Token);
    }

    private void account(AccountSetup account) {
        line("  %s {".formatted(account.name()));
        if (account.jetstream()) {
            line("    jetstream: enabled");
        }
        line("    users: [");
        account.users().forEach(this::user);
        line("    ]");
        line("    exports: [");
        for (AccountSetup.Export export : account.exports()) {
            String accounts = export.accounts().isEmpty() ? "" : ", accounts: " + list(export.accounts());
            line("      { %s: %s%s }".formatted(export.kind().key(), quoted(export.subject()), accounts));
        }
        line("    ]");
        line("    imports: [");
        for (AccountSetup.Import wanted : account.imports()) {
            line("      { %s: { account: %s, subject: %s }, to: %s }"
                    .formatted(
                            wanted.kind().key(),
                            quoted(wanted.account()),
                            quoted(wanted.subject()),
                            quoted(wanted.to())));
        }
        line("    ]");
        line("  }");
    }

    private void user(UserSetup user) {
        String credential = switch (user.credential()) {
            case Credential.Password(String name, String password) ->
                "user: %s, password: %s".formatted(quoted(name), quoted(password));
            case Credential.PasswordHash(String name, String hash) ->
                "user: %s, password: %s".formatted(quoted(name), quoted(hash));
            case Credential.Nkey(String publicKey) -> "nkey: " + publicKey;
            case Credential.Certificate(String subject) -> "user: " + quoted(subject);
            case Credential.Token token -> throw new IllegalArgumentException("a token has no user: " + token);
        };
        line("      { %s%s }".formatted(credential, permissions(user)));
    }

    private static String permissions(UserSetup user) {
        List<String> parts = new ArrayList<>();
        permission("publish", user.publish()).ifPresent(parts::add);
        permission("subscribe", user.subscribe()).ifPresent(parts::add);
        if (user.responses().any()) {
            parts.add("allow_responses: { max: %d, expires: %s }"
                    .formatted(user.responses().max(), quoted(user.responses().expires())));
        }
        return parts.isEmpty() ? "" : ", permissions: { %s }".formatted(String.join(", ", parts));
    }

    private static Optional<String> permission(String key, Permission permission) {
        return permission.isAll()
                ? Optional.empty()
                : Optional.of("%s: { allow: %s, deny: %s }"
                        .formatted(key, list(permission.allow()), list(permission.deny())));
    }

    private static String list(List<String> values) {
        return values.stream().map(NatsConf::quoted).collect(Collectors.joining(", ", "[", "]"));
    }

    private static String quoted(String value) {
        return "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    private void line(String line) {
        text.append(line).append('\n');
    }
}
