package io.leafd.security.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leafd.security.SecurityConfigException;
import io.leafd.security.TestCertificates;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.util.Base64;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyFileTest {
    @TempDir
    Path directory;

    private Path file(String content) throws IOException {
        return new TlsDirectory(directory).write("x.key", content);
    }

    private PrivateKey read(String content) throws IOException {
        return KeyFile.read(file(content));
    }

    private static String block(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END " + label + "-----\n";
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC", "Ed25519"})
    void pkcs8(String algorithm) throws IOException {
        PrivateKey key = TestCertificates.newKey(algorithm).getPrivate();

        assertThat(read(block("PRIVATE KEY", key.getEncoded()))).isEqualTo(key);
    }

    @Test
    void rsaAsPkcs1() throws IOException {
        PrivateKey key = TestCertificates.newKey("RSA").getPrivate();
        String pem = TestCertificates.pem(key);

        assertThat(pem).contains("BEGIN RSA PRIVATE KEY");
        assertThat(read(pem)).isEqualTo(key);
    }

    @Test
    void ecAsSec1() throws IOException {
        PrivateKey key = TestCertificates.newKey("EC").getPrivate();
        String pem = TestCertificates.pem(key);

        assertThat(pem).contains("BEGIN EC PRIVATE KEY");
        assertSameSecret(read(pem), key);
    }

    /** The JDK compares encodings, of which one key has several. */
    private static void assertSameSecret(PrivateKey actual, PrivateKey expected) {
        assertThat(((java.security.interfaces.ECPrivateKey) actual).getS())
                .isEqualTo(((java.security.interfaces.ECPrivateKey) expected).getS());
        assertThat(((java.security.interfaces.ECPrivateKey) actual).getParams())
                .isEqualTo(((java.security.interfaces.ECPrivateKey) expected).getParams());
    }

    @Test
    void ecAsSec1AfterItsParametersAsOpensslWritesIt() throws IOException {
        PrivateKey key = TestCertificates.newKey("EC").getPrivate();
        String parameters = block("EC PARAMETERS", SECObjectIdentifiers.secp256r1.getEncoded());

        assertSameSecret(read(parameters + TestCertificates.pem(key)), key);
    }

    @Test
    void ecCurveMayStandInTheParametersBlockOnly() throws IOException {
        KeyPair pair = TestCertificates.newKey("EC");
        byte[] bare = withoutCurve(pair.getPrivate());
        String parameters = block("EC PARAMETERS", SECObjectIdentifiers.secp256r1.getEncoded());

        assertSameSecret(read(parameters + block("EC PRIVATE KEY", bare)), pair.getPrivate());
        refuses(block("EC PRIVATE KEY", bare), "the EC key does not say its curve");
    }

    /** The JDK encodes an EC key without the curve, which it has beside it. */
    private static byte[] withoutCurve(PrivateKey key) throws IOException {
        return PrivateKeyInfo.getInstance(key.getEncoded())
                .parsePrivateKey()
                .toASN1Primitive()
                .getEncoded();
    }

    @Test
    void keyMayShareItsFileWithCertificates() throws IOException {
        TestCertificates.Issued issued = new TestCertificates("CA").issue("CN=x");

        assertSameSecret(
                read(TestCertificates.pem(issued.certificate(), issued.key().getPrivate())),
                issued.key().getPrivate());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAQID\n-----END ENCRYPTED PRIVATE KEY-----\n",
                "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAQID\n"
                        + "-----END RSA PRIVATE KEY-----\n"
            })
    void encryptedKeyIsRefusedWithTheCommandToRun(String content) throws IOException {
        refuses(content, "the private key is encrypted; decrypt it with: openssl pkey -in ");
    }

    @Test
    void unusableContentIsNamed() throws IOException {
        refuses("", "holds no private key");
        refuses(TestCertificates.pem(new TestCertificates("CA").authority()), "holds no private key");
        refuses(block("PRIVATE KEY", new byte[] {1, 2, 3}), "the block \"PRIVATE KEY\" in line 1 is no usable key");
        refuses(
                block("RSA PRIVATE KEY", new byte[] {0x30, 0}),
                "the block \"RSA PRIVATE KEY\" in line 1 is no usable key");
        refuses(block("EC PRIVATE KEY", new byte[0]), "the block \"EC PRIVATE KEY\" in line 1 is no usable key");
        refuses(block("OPENSSH PRIVATE KEY", new byte[] {1}), "holds a \"OPENSSH PRIVATE KEY\", which TLS cannot use");
    }

    @Test
    void keyOfAKindThatTlsDoesNotUseIsRefused() throws IOException {
        byte[] x25519 = TestCertificates.newKey("X25519").getPrivate().getEncoded();

        refuses(block("PRIVATE KEY", x25519), "the private key is of the kind 1.3.101.110, which TLS cannot use");
    }

    @Test
    void curveThatTheJdkDoesNotKnowIsRefused() throws IOException {
        byte[] secp256k1 = new ECPrivateKey(256, BigInteger.TEN, SECObjectIdentifiers.secp256k1).getEncoded();
        TestCertificates.Issued issued = new TestCertificates("CA").issue("CN=x");
        Path key = file(block("EC PRIVATE KEY", secp256k1));
        Path certificate = new TlsDirectory(directory).write("x.crt", TestCertificates.pem(issued.certificate()));

        assertThatThrownBy(() -> TlsMaterial.server(new TlsFiles(certificate, key, null), false))
                .isInstanceOf(SecurityConfigException.class)
                .hasMessageStartingWith(key + ": ")
                .hasMessageContaining("use an RSA, P-256 or Ed25519 key");
    }

    private void refuses(String content, String reason) throws IOException {
        Path file = file(content);
        assertThatThrownBy(() -> KeyFile.read(file))
                .isInstanceOf(SecurityConfigException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(reason);
    }

    @Test
    void fileOpenToOthersIsRefused() throws IOException {
        Path file = file(TestCertificates.pem(TestCertificates.newKey("EC").getPrivate()));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

        assertThatThrownBy(() -> KeyFile.read(file))
                .isInstanceOf(SecurityConfigException.class)
                .hasMessageContaining("run: chmod o-rwx " + file);
    }
}
