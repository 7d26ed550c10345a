package io.leafd.security.tls;

import io.leafd.security.TestCertificates;
import io.leafd.security.TestCertificates.Issued;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** PEM files of a test, in its own directory. */
record TlsDirectory(Path path) {
    /** Writes a file that the owner alone may read. */
    Path write(String name, String content) throws IOException {
        Path file = path.resolve(name);
        Files.writeString(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file;
    }

    /** Writes certificate and key, and the authority that a peer's certificate must come from. */
    TlsFiles write(String name, Issued issued, TestCertificates peerAuthority) throws IOException {
        return new TlsFiles(
                write(name + ".crt", TestCertificates.pem(issued.certificate())),
                write(name + ".key", TestCertificates.pem(issued.key().getPrivate())),
                write(name + "-ca.crt", TestCertificates.pem(peerAuthority.authority())));
    }
}
