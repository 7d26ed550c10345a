package io.leafd.security.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leafd.security.SecurityConfigException;
import io.leafd.security.TestCertificates;
import io.leafd.security.TestCertificates.Issued;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsMaterialTest {
    private static final TestCertificates AUTHORITY = new TestCertificates("Plant CA");
    private static final TestCertificates STRANGER = new TestCertificates("Other CA");
    private static final Issued HUB = AUTHORITY.issue(
            "CN=hub",
            new GeneralName(GeneralName.dNSName, "hub.example.net"),
            new GeneralName(GeneralName.iPAddress, "10.0.0.1"));
    private static final Issued EDGE = AUTHORITY.issue("CN=edge1,O=Acme");

    @TempDir
    Path path;

    private TlsDirectory directory = new TlsDirectory(Path.of("."));

    @BeforeEach
    void useOwnDirectory() {
        directory = new TlsDirectory(path);
    }

    private TlsMaterial hub(boolean verifyClients) throws IOException {
        return TlsMaterial.server(directory.write("hub", HUB, AUTHORITY), verifyClients);
    }

    private TlsMaterial client(TestCertificates trusted) throws IOException {
        return TlsMaterial.client(
                new TlsFiles(null, null, directory.write("trusted.crt", TestCertificates.pem(trusted.authority()))));
    }

    private static SSLEngine engine(TlsMaterial client) {
        return client.newClientEngine("hub.example.net", 7422);
    }

    @Test
    void clientVerifiesServerByNameAndAddress() throws IOException {
        TlsMaterial hub = hub(false);

        for (String host : new String[] {"hub.example.net", "HUB.example.net", "10.0.0.1"}) {
            SSLEngine client = client(AUTHORITY).newClientEngine(host, 7422);
            Handshake.run(client, hub.newServerEngine());
            assertThat(client.getSession().getProtocol()).isEqualTo("TLSv1.3");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example.net", "example.net", "10.0.0.2", "hub", "localhost"})
    void certificateForAnotherHostIsRefused(String host) throws IOException {
        SSLEngine client = client(AUTHORITY).newClientEngine(host, 7422);
        SSLEngine server = hub(false).newServerEngine();

        assertThatThrownBy(() -> Handshake.run(client, server)).isInstanceOf(SSLException.class);
    }

    @Test
    void certificateOfAnotherAuthorityIsRefused() throws IOException {
        SSLEngine client = engine(client(STRANGER));
        SSLEngine server = hub(false).newServerEngine();

        assertThatThrownBy(() -> Handshake.run(client, server)).isInstanceOf(SSLException.class);
    }

    @Test
    void systemAuthoritiesDoNotTrustOurs() throws IOException {
        SSLEngine client = engine(TlsMaterial.client(TlsFiles.NONE));
        SSLEngine server = hub(false).newServerEngine();

        assertThatThrownBy(() -> Handshake.run(client, server)).isInstanceOf(SSLException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC", "Ed25519"})
    void everyKindOfKeyShakesHands(String algorithm) throws IOException {
        Issued issued = AUTHORITY.issue(
                TestCertificates.newKey(algorithm), "CN=hub", new GeneralName(GeneralName.dNSName, "hub.example.net"));
        TlsMaterial hub = TlsMaterial.server(directory.write(algorithm, issued, AUTHORITY), false);

        Handshake.run(engine(client(AUTHORITY)), hub.newServerEngine());
    }

    @Test
    void serverThatVerifiesSeesTheClientsCertificate() throws IOException {
        SSLEngine client = engine(TlsMaterial.client(directory.write("edge", EDGE, AUTHORITY)));
        SSLEngine server = hub(true).newServerEngine();

        Handshake.run(client, server);

        assertThat(server.getSession().getPeerCertificates()[0]).isEqualTo(EDGE.certificate());
    }

    @Test
    void serverThatVerifiesRefusesNoneAndStrangers() throws IOException {
        TlsMaterial hub = hub(true);
        TlsMaterial without = client(AUTHORITY);
        TlsMaterial strange = TlsMaterial.client(directory.write("strange", STRANGER.issue("CN=edge1"), AUTHORITY));

        assertThatThrownBy(() -> Handshake.run(engine(without), hub.newServerEngine()))
                .isInstanceOf(SSLException.class);
        assertThatThrownBy(() -> Handshake.run(engine(strange), hub.newServerEngine()))
                .isInstanceOf(SSLException.class);
    }

    @Test
    void tls12IsTheOldestProtocol() throws IOException {
        SSLEngine client = engine(client(AUTHORITY));
        SSLEngine server = hub(false).newServerEngine();
        assertThat(client.getEnabledProtocols()).containsExactlyInAnyOrder("TLSv1.3", "TLSv1.2");
        assertThat(server.getEnabledProtocols()).containsExactlyInAnyOrder("TLSv1.3", "TLSv1.2");

        client.setEnabledProtocols(new String[] {"TLSv1.2"});
        Handshake.run(client, server);

        assertThat(client.getSession().getProtocol()).isEqualTo("TLSv1.2");
    }

    @Test
    void refreshTakesNewFilesForNewEngines() throws IOException {
        TlsMaterial hub = hub(false);
        SSLEngine before = hub.newServerEngine();
        Issued renewed = STRANGER.issue("CN=hub", new GeneralName(GeneralName.dNSName, "hub.example.net"));
        directory.write("hub", renewed, AUTHORITY);
        hub.refresh();

        Handshake.run(engine(client(AUTHORITY)), before);
        Handshake.run(engine(client(STRANGER)), hub.newServerEngine());
        assertThat(hub.ownCertificateEnds())
                .isEqualTo(renewed.certificate().getNotAfter().toInstant());
    }

    @Test
    void badNewFileIsNamedAndTheOldOneStays() throws IOException {
        TlsMaterial hub = hub(false);
        Path certificate = path.resolve("hub.crt");
        Path key = path.resolve("hub.key");

        directory.write("hub.crt", "nothing");
        refreshFails(hub, certificate + ": holds no certificate");
        directory.write(
                "hub.crt", TestCertificates.pem(AUTHORITY.issue("CN=hub").certificate()));
        refreshFails(hub, key + ": is not the key of the first certificate in " + certificate);
        Files.delete(certificate);
        refreshFails(hub, certificate + ": no such file");
        directory.write("hub.crt", TestCertificates.pem(HUB.certificate()));
        Files.delete(key);
        refreshFails(hub, key + ": no such file");
    }

    private void refreshFails(TlsMaterial hub, String reason) throws IOException {
        assertThatThrownBy(hub::refresh)
                .isInstanceOf(SecurityConfigException.class)
                .hasMessageStartingWith(reason);
        Handshake.run(engine(client(AUTHORITY)), hub.newServerEngine());
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC", "Ed25519"})
    void keyThatIsNotTheCertificatesIsRefused(String algorithm) throws IOException {
        TlsFiles files = directory.write("hub", HUB, AUTHORITY);
        directory.write(
                "hub.key",
                TestCertificates.pem(TestCertificates.newKey(algorithm).getPrivate()));

        assertThatThrownBy(() -> TlsMaterial.server(files, false))
                .isInstanceOf(SecurityConfigException.class)
                .hasMessageContaining("is not the key of the first certificate in");
    }

    @Test
    void damagedCertificateIsReportedWithItsLine() throws IOException {
        Path bundle = directory.write(
                "bundle.crt",
                TestCertificates.pem(AUTHORITY.authority())
                        + "-----BEGIN CERTIFICATE-----\nAQID\n-----END CERTIFICATE-----\n");
        long line = TestCertificates.pem(AUTHORITY.authority()).lines().count() + 1;

        assertThatThrownBy(() -> TlsMaterial.client(new TlsFiles(null, null, bundle)))
                .isInstanceOf(SecurityConfigException.class)
                .hasMessageStartingWith(bundle + ":" + line + ": the certificate is damaged");
    }

    @Test
    void bundleMayHoldSeveralAuthorities() throws IOException {
        Path bundle = directory.write(
                "bundle.crt", "# ours\n" + TestCertificates.pem(STRANGER.authority(), AUTHORITY.authority()));

        Handshake.run(
                engine(TlsMaterial.client(new TlsFiles(null, null, bundle))),
                hub(false).newServerEngine());
    }

    @Test
    void incompleteConfigurationIsRefused() throws IOException {
        TlsFiles hub = directory.write("hub", HUB, AUTHORITY);

        refuses(() -> TlsMaterial.server(TlsFiles.NONE, false), "tls: a listener needs a certificate");
        refuses(
                () -> TlsMaterial.server(new TlsFiles(hub.certFile(), hub.keyFile(), null), true),
                "tls: verify needs to know whose client certificates to accept; set ca_file");
        refuses(() -> new TlsFiles(hub.certFile(), null, null), hub.certFile() + ": cert_file has no key_file");
        refuses(() -> new TlsFiles(null, hub.keyFile(), null), hub.keyFile() + ": key_file has no cert_file");
    }

    private static void refuses(Runnable configuration, String reason) {
        assertThatThrownBy(configuration::run)
                .isInstanceOf(SecurityConfigException.class)
                .hasMessageStartingWith(reason);
    }

    @Test
    void largeFileIsNotReadAsCertificates() throws IOException {
        Path large = directory.write("large.crt", "x".repeat(CertificateFile.SIZE_MAX_BYTES + 1));

        assertThatThrownBy(() -> TlsMaterial.client(new TlsFiles(null, null, large)))
                .isInstanceOf(SecurityConfigException.class)
                .hasMessageContaining("is larger than 1048576 bytes");
    }

    @Test
    void materialOfOneRoleMakesNoEngineOfTheOther() throws IOException {
        TlsMaterial hub = hub(false);
        TlsMaterial client = client(AUTHORITY);

        assertThatThrownBy(() -> engine(hub)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(client::newServerEngine).isInstanceOf(IllegalStateException.class);
        assertThat(client.ownCertificateEnds()).isNull();
        assertThat(hub.ownCertificateEnds())
                .isBetween(Instant.now(), Instant.now().plus(Duration.ofDays(2)));
        assertThat(hub.context().getProtocol()).isEqualTo("TLS");
    }

    @Test
    void noProviderIsRegistered() throws IOException {
        hub(true);

        assertThat(Arrays.stream(Security.getProviders()).map(provider -> provider.getName()))
                .noneMatch(name -> name.startsWith("BC") || name.startsWith("EdDSA"));
    }
}
