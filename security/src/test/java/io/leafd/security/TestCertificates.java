package io.leafd.security;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.jspecify.annotations.Nullable;

/** Makes keys and certificates for tests: an authority, and what it issues. */
public final class TestCertificates {
    private static final AtomicLong SERIAL = new AtomicLong(1);

    private final KeyPair authorityKey;
    private final X509Certificate authority;

    /** A certificate and its key. */
    public record Issued(X509Certificate certificate, KeyPair key) {}

    /** A new authority with an EC key. */
    public TestCertificates(String name) {
        this.authorityKey = newKey("EC");
        this.authority = certificate("CN=" + name, null, authorityKey, true);
    }

    /** A new key: {@code RSA} of 2048 bits, {@code EC} on P-256, or {@code Ed25519}. */
    public static KeyPair newKey(String algorithm) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            switch (algorithm) {
                case "RSA" -> generator.initialize(2048);
                case "EC" -> generator.initialize(256);
                default -> {} // one size only
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The authority's own certificate. */
    public X509Certificate authority() {
        return authority;
    }

    /** A certificate for an EC key. */
    public Issued issue(String subject, GeneralName... names) {
        return issue(newKey("EC"), subject, names);
    }

    /** A certificate for the key. */
    public Issued issue(KeyPair key, String subject, GeneralName... names) {
        return new Issued(certificate(subject, names.length == 0 ? null : new GeneralNames(names), key, false), key);
    }

    private X509Certificate certificate(
            String subject, @Nullable GeneralNames names, KeyPair key, boolean isAuthority) {
        try {
            Instant now = Instant.now();
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    isAuthority
                            ? new X500Name(subject)
                            : X500Name.getInstance(
                                    authority.getSubjectX500Principal().getEncoded()),
                    BigInteger.valueOf(SERIAL.getAndIncrement()),
                    Date.from(now.minus(Duration.ofHours(1))),
                    Date.from(now.plus(Duration.ofDays(1))),
                    new X500Name(subject),
                    key.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(isAuthority));
            if (names != null) {
                builder.addExtension(Extension.subjectAlternativeName, false, names);
            }
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(
                            new JcaContentSignerBuilder("SHA256withECDSA").build(authorityKey.getPrivate())));
        } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Each object in PEM form, one after the other; keys in the old forms of OpenSSL. */
    public static String pem(Object... objects) {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            for (Object object : objects) {
                writer.writeObject(object instanceof ECPrivateKey key ? sec1(key) : object);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return text.toString();
    }

    /** With its curve, as openssl writes it; BouncyCastle's writer would leave it out. */
    private static PemObject sec1(ECPrivateKey key) throws IOException {
        return new PemObject(
                "EC PRIVATE KEY",
                new org.bouncycastle.asn1.sec.ECPrivateKey(256, key.getS(), SECObjectIdentifiers.secp256r1)
                        .getEncoded());
    }
}
