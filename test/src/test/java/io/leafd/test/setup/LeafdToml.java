package io.leafd.test.setup;

import io.leafd.test.peer.TestDirectory;
import io.leafd.test.setup.UserSetup.Credential;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Translation of a {@link ServerSetup} for leafd: its TOML file, and beside it the files with secrets that it names. */
public final class LeafdToml {

    private static final Set<String> SIZES = Set.of("max_payload", "max_control_line", "max_pending");

    private final ServerSetup setup;
    private final Path directory;
    private final StringBuilder text = new StringBuilder();

    private LeafdToml(ServerSetup setup, Path directory) {
        this.setup = setup;
        this.directory = directory;
    }

    /**
     * The configuration text.
     *
     * @param directory of the server; data and secrets go below it
     * @param clientPort where it listens for NATS clients
     */
    public static String of(ServerSetup setup, Path directory, int clientPort) {
        return new LeafdToml(setup, directory).render(clientPort);
    }

    private String render(int clientPort) {
        line("[server]");
        line("name = %s".formatted(quoted(setup.name())));
        line("listen = \"127.0.0.1:%d\"".formatted(clientPort));
        line("data_dir = %s".formatted(quoted(directory.resolve("data").toString())));
        setup.options().forEach(this::option);
        if (setup.noAuthUser() != null) {
            line("no_auth_user = %s".formatted(quoted(setup.noAuthUser())));
        }
        line("[http]\nlisten = \"\"");
        if (setup.domain() != null) {
            line("[jetstream]\ndomain = %s".formatted(quoted(setup.domain())));
        }
        TlsSetup tls = setup.tls();
        if (tls != null) {
            line("[tls]");
            line("cert_file = %s".formatted(quoted(tls.certificate().toString())));
            line("key_file = %s".formatted(quoted(tls.key().toString())));
            line("ca_file = %s".formatted(quoted(tls.authority().toString())));
            line("verify = %s".formatted(tls.verify() || tls.map()));
            line("handshake_timeout = \"%ds\"".formatted(tls.handshakeMaxSeconds()));
            line("handshake_first = %s".formatted(tls.first()));
        }
        setup.accounts().forEach(this::account);
        return text.toString();
    }

    private void option(String key, String value) {
        boolean number = value.chars().allMatch(Character::isDigit);
        String toml = SIZES.contains(key) ? quoted(value + "B") : number ? value : quoted(value);
        line("%s = %s".formatted(key, toml));
    }

    private void account(AccountSetup account) {
        line("[accounts.%s]".formatted(account.name()));
        line("jetstream = %s".formatted(account.jetstream()));
        line("exports = [%s]"
                .formatted(joined(account.exports().stream()
                        .map(export -> "{ %s = %s%s }"
                                .formatted(
                                        export.kind().key(),
                                        quoted(export.subject()),
                                        export.accounts().isEmpty() ? "" : ", accounts = " + list(export.accounts())))
                        .toList())));
        line("imports = [%s]"
                .formatted(joined(account.imports().stream()
                        .map(wanted -> "{ %s = %s, account = %s, to = %s }"
                                .formatted(
                                        wanted.kind().key(),
                                        quoted(wanted.subject()),
                                        quoted(wanted.account()),
                                        quoted(wanted.to())))
                        .toList())));
        account.users().forEach(user -> user(account, user));
    }

    private void user(AccountSetup account, UserSetup user) {
        line("[[accounts.%s.users]]".formatted(account.name()));
        switch (user.credential()) {
            case Credential.Password(String name, String password) -> {
                line("name = %s".formatted(quoted(name)));
                line("password_file = %s".formatted(secret(name + ".password", password)));
            }
            case Credential.PasswordHash(String name, String hash) -> {
                line("name = %s".formatted(quoted(name)));
                line("password_hash = %s".formatted(quoted(hash)));
            }
            case Credential.Token(String token) -> line("token_file = %s".formatted(secret("token", token)));
            case Credential.Nkey(String publicKey) -> line("nkey = %s".formatted(quoted(publicKey)));
            case Credential.Certificate(String subject) -> line("cert_subject = %s".formatted(quoted(subject)));
        }
        permission("publish", user.publish());
        permission("subscribe", user.subscribe());
        if (user.responses().any()) {
            line("allow_responses = { max = %d, expires = %s }"
                    .formatted(user.responses().max(), quoted(user.responses().expires())));
        }
    }

    private void permission(String key, Permission permission) {
        if (!permission.isAll()) {
            line("%s = { allow = %s, deny = %s }".formatted(key, list(permission.allow()), list(permission.deny())));
        }
    }

    private String secret(String name, String content) {
        return quoted(
                TestDirectory.secret(directory.resolve(name), content + "\n").toString());
    }

    private static String list(List<String> values) {
        return "[" + joined(values.stream().map(LeafdToml::quoted).toList()) + "]";
    }

    private static String joined(List<String> values) {
        return values.stream().collect(Collectors.joining(", "));
    }

    private static String quoted(String value) {
        return "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    private void line(String line) {
        text.append(line).append('\n');
    }
}
