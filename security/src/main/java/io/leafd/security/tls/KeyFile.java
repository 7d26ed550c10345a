package io.leafd.security.tls;

import io.leafd.security.SecretFile;
import io.leafd.security.SecurityConfigException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.jspecify.annotations.Nullable;

/**
 * Reads a private key from a PEM file: PKCS#8 ({@code PRIVATE KEY}), PKCS#1 ({@code RSA PRIVATE KEY}) or SEC 1
 * ({@code EC PRIVATE KEY}, with or without {@code EC PARAMETERS} before it). RSA, EC and Ed25519/Ed448.
 *
 * <p>The older forms are wrapped into PKCS#8, which is all that the JDK reads. Encrypted keys are refused: a box that starts
 * alone has nobody to type a password.
 */
final class KeyFile {
    /** RFC 8410: Ed25519 and Ed448. */
    private static final ASN1ObjectIdentifier ED25519 = new ASN1ObjectIdentifier("1.3.101.112");

    private static final ASN1ObjectIdentifier ED448 = new ASN1ObjectIdentifier("1.3.101.113");
    private static final byte[] PROBE = {'l', 'e', 'a', 'f', 'd'};
    private static final String REMAKE = "name the file with the private key in PEM form";

    private final String where;
    private byte @Nullable [] curve;

    private KeyFile(String where) {
        this.where = where;
    }

    /**
     * Reads the first private key of the file.
     *
     * @throws SecurityConfigException if the file is missing, open to others, or holds no key that can be used
     */
    static PrivateKey read(Path file) {
        try (SecretFile secret = SecretFile.read(file)) {
            List<Pem.Block> blocks = Pem.parse(secret.bytes(), file.toString());
            try {
                return new KeyFile(file.toString()).find(blocks);
            } finally {
                blocks.forEach(block -> Arrays.fill(block.der(), (byte) 0));
            }
        }
    }

    private PrivateKey find(List<Pem.Block> blocks) {
        for (Pem.Block block : blocks) {
            if (block.label().equals("EC PARAMETERS")) {
                curve = block.der();
            } else if (block.label().endsWith("PRIVATE KEY")) {
                return key(block);
            }
        }
        throw new SecurityConfigException(where, "holds no private key", REMAKE);
    }

    private PrivateKey key(Pem.Block block) {
        if (block.encrypted() || block.label().startsWith("ENCRYPTED")) {
            throw new SecurityConfigException(
                    where,
                    "the private key is encrypted",
                    "decrypt it with: openssl pkey -in " + where + " -out NEWFILE, and protect that by chmod 0640");
        }
        try {
            return switch (block.label()) {
                case "PRIVATE KEY" -> key(PrivateKeyInfo.getInstance(block.der()));
                case "RSA PRIVATE KEY" -> key(rsa(block.der()));
                case "EC PRIVATE KEY" -> key(ec(block.der()));
                default ->
                    throw new SecurityConfigException(
                            where,
                            "holds a \"" + block.label() + "\", which TLS cannot use",
                            "use an RSA, EC or Ed25519 key in PEM form, for example from: openssl genpkey");
            };
        } catch (SecurityConfigException e) {
            throw e;
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            // the ASN.1 reader answers damage with many kinds; none goes further, as it may quote parts of the key
            throw new SecurityConfigException(
                    where, "the block \"" + block.label() + "\" in line " + block.line() + " is no usable key", REMAKE);
        }
    }

    private static PrivateKeyInfo rsa(byte[] der) throws IOException {
        return new PrivateKeyInfo(
                new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE),
                RSAPrivateKey.getInstance(der));
    }

    private PrivateKeyInfo ec(byte[] der) throws IOException {
        ECPrivateKey key = ECPrivateKey.getInstance(der);
        ASN1Encodable parameters = key.getParametersObject();
        if (parameters == null && curve != null) {
            parameters = ASN1Primitive.fromByteArray(curve);
        }
        if (parameters == null) {
            throw new SecurityConfigException(
                    where,
                    "the EC key does not say its curve",
                    "convert it to PKCS#8 with: openssl pkcs8 -topk8 -nocrypt");
        }
        return new PrivateKeyInfo(new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, parameters), key);
    }

    private PrivateKey key(PrivateKeyInfo info) throws IOException, GeneralSecurityException {
        byte[] pkcs8 = info.getEncoded();
        try {
            return KeyFactory.getInstance(
                            algorithm(info.getPrivateKeyAlgorithm().getAlgorithm()))
                    .generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } finally {
            Arrays.fill(pkcs8, (byte) 0);
        }
    }

    private String algorithm(ASN1ObjectIdentifier oid) {
        if (oid.equals(PKCSObjectIdentifiers.rsaEncryption)) {
            return "RSA";
        }
        if (oid.equals(PKCSObjectIdentifiers.id_RSASSA_PSS)) {
            return "RSASSA-PSS";
        }
        if (oid.equals(X9ObjectIdentifiers.id_ecPublicKey)) {
            return "EC";
        }
        if (oid.equals(ED25519) || oid.equals(ED448)) {
            return "EdDSA";
        }
        throw new SecurityConfigException(
                where,
                "the private key is of the kind " + oid + ", which TLS cannot use",
                "use an RSA, EC or Ed25519 key");
    }

    /**
     * Whether the private key is that of the public key.
     *
     * @throws SecurityConfigException if the JDK cannot use the private key, for example because of its curve
     */
    static boolean belongsTo(PublicKey certified, PrivateKey key, Path file) {
        if (key instanceof RSAKey ours) {
            return certified instanceof RSAKey theirs && ours.getModulus().equals(theirs.getModulus());
        }
        if (!key.getAlgorithm().equals(certified.getAlgorithm())) {
            return false;
        }
        try {
            Signature signature = Signature.getInstance(key.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "EdDSA");
            signature.initSign(key);
            signature.update(PROBE);
            byte[] made = signature.sign();
            signature.initVerify(certified);
            signature.update(PROBE);
            return signature.verify(made);
        } catch (GeneralSecurityException e) {
            throw new SecurityConfigException(
                    file.toString(),
                    "the key cannot be used: " + e.getMessage(),
                    "use an RSA, P-256 or Ed25519 key",
                    e);
        }
    }
}
