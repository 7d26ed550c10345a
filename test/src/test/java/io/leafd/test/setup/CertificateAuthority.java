package io.leafd.test.setup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Date;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/** A certificate authority of one scenario class, with its certificates in PEM files of one directory. */
public final class CertificateAuthority {

    private static final AtomicLong SERIAL = new AtomicLong(1);
    private static final char[] NO_PASSWORD = new char[0];

    private final Path directory;
    private final KeyPair keys;
    private final X500Name name;
    private final X509Certificate certificate;

    private CertificateAuthority(Path directory, KeyPair keys, X500Name name, X509Certificate certificate) {
        this.directory = directory;
        this.keys = keys;
        this.name = name;
        this.certificate = certificate;
    }

    /** A new authority that writes its files here. */
    public static CertificateAuthority in(Path directory) {
        KeyPair keys = keyPair();
        X500Name name = new X500Name("CN=scenario authority " + SERIAL.get());
        X509Certificate certificate = sign(keys.getPrivate(), builder(name, name, keys), true);
        CertificateAuthority authority = new CertificateAuthority(directory, keys, name, certificate);
        write(authority.file(), certificate);
        return authority;
    }

    /** PEM file with the authority's own certificate. */
    public Path file() {
        return directory.resolve("authority.pem");
    }

    /**
     * A certificate with its key.
     *
     * @param file name of the two files, without their extensions
     * @param distinguishedName for example {@code "CN=press-7,O=Plant"}
     * @param names further names, see {@link GeneralName}
     */
    public Certified issue(String file, String distinguishedName, GeneralName... names) {
        KeyPair own = keyPair();
        X509v3CertificateBuilder builder = builder(name, new X500Name(distinguishedName), own);
        try {
            if (names.length > 0) {
                builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
            }
        } catch (CertIOException e) {
            throw new IllegalArgumentException(Arrays.toString(names), e);
        }
        X509Certificate issued = sign(keys.getPrivate(), builder, false);
        Path certificateFile = directory.resolve(file + ".pem");
        Path keyFile = directory.resolve(file + ".key");
        write(certificateFile, issued);
        writeKey(keyFile, own.getPrivate());
        return new Certified(certificateFile, keyFile, issued, own.getPrivate());
    }

    /** A certificate for a server on this machine. */
    public Certified issueServer() {
        return issue(
                "server",
                "CN=localhost",
                new GeneralName(GeneralName.dNSName, "localhost"),
                new GeneralName(GeneralName.iPAddress, "127.0.0.1"));
    }

    /** What a client that trusts this authority needs, showing the given certificate or none. */
    public SSLContext client(@Nullable Certified shown) {
        try {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry("authority", certificate);
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(shown == null ? new KeyManager[0] : keyManagers(shown), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A certificate, its key, and the files of both. */
    public record Certified(Path certificateFile, Path keyFile, X509Certificate certificate, PrivateKey key) {}

    private static KeyManager[] keyManagers(Certified shown) throws GeneralSecurityException, IOException {
        KeyStore own = KeyStore.getInstance("PKCS12");
        own.load(null, null);
        own.setKeyEntry("own", shown.key(), NO_PASSWORD, new X509Certificate[] {shown.certificate()});
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(own, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private static KeyPair keyPair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static X509v3CertificateBuilder builder(X500Name issuer, X500Name subject, KeyPair keys) {
        Instant now = Instant.now();
        return new JcaX509v3CertificateBuilder(
                issuer,
                BigInteger.valueOf(SERIAL.getAndIncrement()),
                Date.from(now.minus(1, ChronoUnit.HOURS)),
                Date.from(now.plus(1, ChronoUnit.DAYS)),
                subject,
                keys.getPublic());
    }

    private static X509Certificate sign(PrivateKey signer, X509v3CertificateBuilder builder, boolean authority) {
        try {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer)));
        } catch (CertIOException | OperatorCreationException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void write(Path file, X509Certificate content) {
        try (Writer out = Files.newBufferedWriter(file);
                JcaPEMWriter pem = new JcaPEMWriter(out)) {
            pem.writeObject(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void writeKey(Path file, PrivateKey key) {
        try (Writer out = Files.newBufferedWriter(file);
                JcaPEMWriter pem = new JcaPEMWriter(out)) {
            pem.writeObject(new JcaPKCS8Generator(key, null));
            pem.flush();
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
