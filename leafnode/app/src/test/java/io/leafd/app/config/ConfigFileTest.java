package io.leafd.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leafd.app.config.schema.ConfigException;
import io.leafd.app.config.schema.Effective;
import io.leafd.app.config.schema.Quantities.Budget;
import io.leafd.link.LinkUrl;
import io.leafd.link.budget.Period;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFileTest {
    private static final String FULL = """
            [server]
            name = "press-7"
            listen = "0.0.0.0:4222"
            data_dir = "data"
            max_payload = "2MiB"
            max_connections = 64

            [store]
            sync = "100ms"
            max_disk = "20GiB"
            memory = "32MiB"
            encryption_key_file = "secret"

            [tls]
            cert_file = "cert.pem"
            key_file = "secret"
            ca_file = "cert.pem"
            verify = true
            min_version = "1.3"

            [http.tls]
            enabled = false

            [accounts.PLANT]
            exports = [{ service = "status.>" }, { stream = "alarms.>", accounts = ["OFFICE"] }]
            [[accounts.PLANT.users]]
            name = "sensor"
            password_hash = "$2a$11$3RRUiLzy.Ib1T7ZbgUCYpuPPLZ3NCHnnWrbEHNhWQxLQxNUqGmUKK"
            publish = { allow = ["plant.>"], deny = ["plant.admin.>"] }
            subscribe = { allow = ["cmd.sensor.>", "_INBOX.>", "work.> sensors"] }
            allow_responses = {}
            [[accounts.PLANT.users]]
            cert_subject = "CN=edge1,O=Acme"

            [accounts.OFFICE]
            jetstream = false
            imports = [{ stream = "alarms.>", account = "PLANT", to = "plant.alarms.>" }]

            [upstream.hq]
            urls = ["tls://hub-a.example.net", "wss://hub-b.example.net/leafnode", "nats://[fe80::1]:7423"]
            user = "press-7"
            password_file = "secret"
            account = "PLANT"
            export = ["plant.>"]
            import = []
            rate = "2Mbit/s"
            budget = "200MB/day"
            [upstream.hq.tls]
            server_name = "hub.example.net"
            [[upstream.hq.forward]]
            name = "telemetry"
            subjects = ["plant.telemetry.>"]
            into = "TELEMETRY"
            priority = 9
            keep = "latest"
            max_bytes = "8GiB"
            max_age = "30d"
            when_full = "reject"
            [[upstream.hq.forward]]
            name = "events"
            stream = "EVENTS"
            [[upstream.hq.mirror]]
            stream = "RECIPES"
            domain = "hub"

            [[streams]]
            name = "EVENTS"
            subjects = ["plant.events.>"]
            account = "PLANT"
            max_bytes = "2GiB"
            max_age = "1m"

            [leafnodes]
            listen = "0.0.0.0:7422"

            [log]
            level = "debug"
            """;

    @TempDir
    private Path directory;

    private final ConfigFile configFile = new ConfigFile(Map.of("SITE", "press-8"), "box");

    private ConfigFile.Loaded read(String toml) throws IOException {
        return configFile.read(Files.writeString(directory.resolve("leafd.toml"), toml));
    }

    private Path secret() throws IOException {
        Path file = Files.writeString(directory.resolve("secret"), "x");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    }

    @Test
    void everyTableBecomesItsRecord() throws IOException {
        Path secret = secret();
        Path cert = Files.writeString(directory.resolve("cert.pem"), "x");
        LeafdConfig config = read(FULL).config();

        assertThat(config.server().name()).isEqualTo("press-7");
        assertThat(config.server().listen()).isEqualTo(new ListenAddress("0.0.0.0", 4222));
        assertThat(config.server().dataDir()).isEqualTo(directory.resolve("data"));
        assertThat(config.server().limits().payloadMaxBytes()).isEqualTo(2 << 20);
        assertThat(config.server().tls())
                .isEqualTo(new TlsConfig(
                        cert, secret, cert, true, false, TlsConfig.MinVersion.TLS_1_3, Duration.ofSeconds(2)));
        assertThat(config.store())
                .isEqualTo(new StoreConfig(Duration.ofMillis(100), 20L << 30, 1L << 30, 32L << 20, secret));
        assertThat(config.jetstream().domain()).isEqualTo("press-7");
        assertThat(config.http()).isEqualTo(new HttpConfig(new ListenAddress("127.0.0.1", 8222), null));
        assertThat(config.leafnodes()).isNotNull();
        assertThat(config.log().level()).isEqualTo(LogConfig.Level.DEBUG);
        assertThat(config.streams().getFirst().duplicateWindow()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void accountsHoldUsersExportsAndImports() throws IOException {
        secret();
        Files.writeString(directory.resolve("cert.pem"), "x");
        List<AccountConfig> accounts = read(FULL).config().accounts();

        AccountConfig plant = accounts.getFirst();
        assertThat(plant.exports())
                .containsExactly(
                        new AccountConfig.Export(true, "status.>", List.of()),
                        new AccountConfig.Export(false, "alarms.>", List.of("OFFICE")));
        UserConfig sensor = plant.users().getFirst();
        assertThat(sensor.login()).isInstanceOf(UserConfig.Login.PasswordHash.class);
        assertThat(sensor.toString()).doesNotContain("$2a$");
        assertThat(sensor.publish())
                .isEqualTo(new UserConfig.Permissions(List.of("plant.>"), List.of("plant.admin.>")));
        assertThat(sensor.allowResponses()).isEqualTo(new UserConfig.AllowResponses(1, Duration.ofMinutes(2)));
        assertThat(plant.users().getLast().login()).isEqualTo(new UserConfig.Login.CertSubject("CN=edge1,O=Acme"));
        assertThat(accounts.getLast().imports())
                .containsExactly(new AccountConfig.Import(false, "alarms.>", "PLANT", "plant.alarms.>"));
    }

    @Test
    void upstreamsHoldForwardsAndMirrors() throws IOException {
        Path secret = secret();
        Files.writeString(directory.resolve("cert.pem"), "x");
        UpstreamConfig upstream = read(FULL).config().upstreams().getFirst();

        assertThat(upstream.dial().urls())
                .containsExactly(
                        new LinkUrl(LinkUrl.Scheme.TLS, "hub-a.example.net", 7422, ""),
                        new LinkUrl(LinkUrl.Scheme.WSS, "hub-b.example.net", 443, "/leafnode"),
                        new LinkUrl(LinkUrl.Scheme.NATS, "fe80::1", 7423, ""));
        assertThat(upstream.dial().login()).isEqualTo(new UpstreamConfig.Login.Password("press-7", secret));
        assertThat(upstream.subjects()).isEqualTo(new UpstreamConfig.Subjects(List.of("plant.>"), List.of()));
        assertThat(upstream.shaping())
                .isEqualTo(new UpstreamConfig.Shaping(250_000L, new Budget(200_000_000, Period.DAY)));
        ForwardConfig telemetry = upstream.forwards().getFirst();
        assertThat(telemetry.source()).isEqualTo(new ForwardConfig.Source.OfSubjects(List.of("plant.telemetry.>")));
        assertThat(telemetry.spool())
                .isEqualTo(new ForwardConfig.Spool(8L << 30, Duration.ofDays(30), ForwardConfig.WhenFull.REJECT));
        assertThat(upstream.forwards().getLast().source()).isEqualTo(new ForwardConfig.Source.OfStream("EVENTS"));
        assertThat(upstream.mirrors().getFirst().as()).isEqualTo("RECIPES");
    }

    @Test
    void withoutAFileThereIsOneAccountOnLoopback() {
        LeafdConfig config = configFile.defaults().config();

        assertThat(config.server().listen().loopback()).isTrue();
        assertThat(config.server().name()).isEqualTo("box");
        assertThat(config.accounts()).containsExactly(AccountConfig.global());
        assertThat(config.leafnodes()).isNull();
        assertThat(config.upstreams()).isEmpty();
    }

    @Test
    void filesOfConfDAreLaidOverKeyByKey() throws IOException {
        Path more = Files.createDirectory(directory.resolve("conf.d"));
        Files.writeString(
                more.resolve("20-b.toml"), "[server]\nmax_connections = 3\n[upstream.hq]\nimport = [\"b\"]\n");
        Files.writeString(more.resolve("10-a.toml"), "[server]\nmax_connections = 2\nping_max = 7\n");
        Files.writeString(more.resolve("ignored.txt"), "nonsense");
        ConfigFile.Loaded loaded = read("""
                [server]
                max_connections = 1
                name = "${SITE}"
                [upstream.hq]
                urls = ["nats://hub"]
                import = ["a", "c"]
                """);

        assertThat(loaded.files()).hasSize(3);
        assertThat(loaded.config().server().limits().connectionsMax()).isEqualTo(3);
        assertThat(loaded.config().server().times().pingMax()).isEqualTo(7);
        assertThat(loaded.config().server().name()).isEqualTo("press-8");
        assertThat(loaded.config().upstreams().getFirst().subjects().imported()).containsExactly("b");
    }

    @Test
    void problemsOfConfDNameTheirOwnFile() throws IOException {
        Path more = Files.createDirectory(directory.resolve("conf.d"));
        Files.writeString(more.resolve("10-a.toml"), "\n[server]\nname = 3\nlisten = {}\n");

        assertThatThrownBy(() -> read("[server]\nname = \"a\"\nlisten = \"127.0.0.1:1\"\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("conf.d/10-a.toml:4:1: \"listen\" is a table here and a string at");
    }

    @Test
    void aFileThatOthersMayWriteIsRefused() throws IOException {
        Path more = Files.createDirectory(directory.resolve("conf.d"));
        Path open = Files.writeString(more.resolve("10-a.toml"), "[server]\nping_max = 7\n");
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--rw-"));

        assertThatThrownBy(() -> read("[server]\nname = \"a\"\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("conf.d/10-a.toml:1:1: others on this machine can write this file")
                .hasMessageContaining("run: chmod o-w " + open);
    }

    @Test
    void dollarsThatBeginNoVariableAreThemselves() throws IOException {
        ConfigFile.Loaded loaded = read("""
                [upstream.hq]
                urls = ["nats://${HOST:-hub}:7422"]
                export = ["$JS.API.>", "price.$$.{x}", "$${SITE}"]
                """);

        UpstreamConfig upstream = loaded.config().upstreams().getFirst();
        assertThat(upstream.dial().urls().getFirst().host()).isEqualTo("hub");
        assertThat(upstream.subjects().exported()).containsExactly("$JS.API.>", "price.$.{x}", "${SITE}");
    }

    @Test
    void whatIsPrintedHidesSecretsAndMarksDefaults() throws IOException {
        secret();
        Files.writeString(directory.resolve("cert.pem"), "x");
        String printed = read(FULL).effective().toToml();

        assertThat(printed)
                .contains("[[accounts.PLANT.users]]\nname = \"sensor\"\npassword_hash = \"<hidden>\"\n")
                .contains("password_file = \"<file:" + directory.resolve("secret") + ">\"")
                .contains("[server]\nname = \"press-7\"\n")
                .contains("ping_interval = \"2m\"  # default\n")
                .contains("rate = \"2Mbit/s\"\n")
                .doesNotContain("$2a$11$");
    }

    @Test
    void changesAreNamedWithWhetherTheyCanBeReloaded() throws IOException {
        Effective before = read("[server]\nmax_payload = \"1MiB\"\n[log]\nlevel = \"info\"\n")
                .effective();
        Effective after =
                read("[server]\nlisten = \"127.0.0.1:4333\"\nmax_payload = \"1024KiB\"\n[log]\nlevel = \"debug\"\n"
                                + "[upstream.hq]\nurls = [\"nats://hub\"]\n[leafnodes]\nlisten = \"127.0.0.1:7422\"\n")
                        .effective();

        assertThat(before.changesTo(after))
                .extracting(change -> change + " " + change.reloadable())
                .containsExactly(
                        "server.listen: \"127.0.0.1:4222\" -> \"127.0.0.1:4333\" false",
                        "log.level: \"info\" -> \"debug\" true",
                        "upstream.hq.urls: (none) -> [\"nats://hub:7422\"] true",
                        "upstream.hq.discover: (none) -> false true",
                        "upstream.hq.retry_max: (none) -> \"10s\" true",
                        "upstream.hq.ping_interval: (none) -> \"10s\" true",
                        "leafnodes.listen: (none) -> \"127.0.0.1:7422\" false",
                        "leafnodes.max_connections: (none) -> 256 false");
        assertThat(before.changesTo(before)).isEmpty();
    }

    @Test
    void aHostNameIsMadeAToken() {
        assertThat(HostName.asToken("press-7.plant.example.net\n")).isEqualTo("press-7");
        assertThat(HostName.asToken("press 7")).isEqualTo("press-7");
        assertThat(HostName.asToken("")).isEqualTo("leafd");
    }
}
