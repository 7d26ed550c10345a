package io.leafd.security.tls;

import io.leafd.security.SecurityConfigException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/** Reads the certificates of a PEM file, in their order. Blocks of other kinds are skipped. */
final class CertificateFile {
    /** The bundle of all public authorities has a quarter of this. */
    static final int SIZE_MAX_BYTES = 1 << 20;

    private CertificateFile() {}

    /**
     * Reads the file.
     *
     * @throws SecurityConfigException if it is missing, unreadable, too big, has no certificate, or one that is damaged
     */
    static List<X509Certificate> read(Path file) {
        List<X509Certificate> certificates = new ArrayList<>();
        for (Pem.Block block : Pem.parse(content(file), file.toString())) {
            if (block.label().equals("CERTIFICATE")) {
                certificates.add(certificate(block, file));
            }
        }
        if (certificates.isEmpty()) {
            throw new SecurityConfigException(
                    file.toString(), "holds no certificate", "name a PEM file with \"-----BEGIN CERTIFICATE-----\"");
        }
        return certificates;
    }

    private static byte[] content(Path file) {
        try {
            if (Files.size(file) > SIZE_MAX_BYTES) {
                throw new SecurityConfigException(
                        file.toString(), "is larger than " + SIZE_MAX_BYTES + " bytes", "name a PEM certificate file");
            }
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new SecurityConfigException(
                    file.toString(), "no such file", "create it or correct the path in the configuration", e);
        } catch (IOException e) {
            throw new SecurityConfigException(
                    file.toString(),
                    "cannot be read: " + e.getMessage(),
                    "give the user that runs leafd the right to read it",
                    e);
        }
    }

    private static X509Certificate certificate(Pem.Block block, Path file) {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(block.der()));
        } catch (CertificateException e) {
            throw new SecurityConfigException(
                    file + ":" + block.line(), "the certificate is damaged: " + e.getMessage(), "get it again", e);
        }
    }
}
