package io.leafd.security;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.leafd.security.creds.Credentials;
import io.leafd.security.creds.Jwt;
import io.leafd.security.nkey.Nkey;
import io.leafd.security.nkey.NkeySeed;
import io.leafd.security.tls.TlsFiles;
import io.leafd.security.tls.TlsMaterial;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a damaged file holds, the answer is the one exception that names it, or the material is usable after all. */
class DamagedInputTest {
    @TempDir
    Path directory;

    private Path file(String name, byte[] content) throws IOException {
        Path file = directory.resolve(name);
        Files.write(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file;
    }

    /** Changes, drops, doubles or inserts a few bytes. */
    private static byte[] damaged(byte[] sound, Random random) {
        byte[] bytes = sound.clone();
        for (int changes = 1 + random.nextInt(4); changes > 0 && bytes.length > 1; changes--) {
            int at = random.nextInt(bytes.length);
            int to = Math.min(bytes.length, at + random.nextInt(40));
            bytes = switch (random.nextInt(4)) {
                case 0 -> {
                    bytes[at] = (byte) random.nextInt(256);
                    yield bytes;
                }
                case 1 -> joined(bytes, at, to, 0);
                case 2 -> joined(bytes, at, at, to - at);
                default -> {
                    bytes[at] ^= (byte) (1 << random.nextInt(8));
                    yield bytes;
                }
            };
        }
        return bytes;
    }

    /** The bytes before {@code from}, then {@code again} of those that follow it, then those from {@code to} on. */
    private static byte[] joined(byte[] bytes, int from, int to, int again) {
        byte[] joined = new byte[from + again + bytes.length - to];
        System.arraycopy(bytes, 0, joined, 0, from);
        System.arraycopy(bytes, from, joined, from, again);
        System.arraycopy(bytes, to, joined, from + again, bytes.length - to);
        return joined;
    }

    private static void onlyOurErrors(int rounds, byte[] sound, Consumer<byte[]> reader) {
        Random random = new Random(3);
        for (int round = 0; round < rounds; round++) {
            byte[] bytes = damaged(sound, random);
            Throwable thrown = catchThrowable(() -> reader.accept(bytes));
            if (thrown != null) {
                assertThat(thrown)
                        .as("round %d: %s", round, new String(bytes, ISO_8859_1))
                        .isInstanceOf(SecurityConfigException.class);
            }
        }
    }

    @Test
    void nkeysAndSeeds() {
        byte[] key = "UCX2RHNVON34VVL5W7V77HTW3PRRK776SPV5R42S2BBDJL5B7WO3FORH".getBytes(ISO_8859_1);
        byte[] seed = "SUABQ73DCGY23QIWJITGJZQQDIYGS62APNC27OVAQPBS7OUYBQI3PFJVSE".getBytes(ISO_8859_1);

        onlyOurErrors(1_000, key, bytes -> Nkey.parse(new String(bytes, ISO_8859_1)));
        onlyOurErrors(1_000, seed, bytes -> NkeySeed.find(bytes, "x").close());
    }

    @Test
    void credentials() throws IOException {
        byte[] sound;
        try (InputStream in = Credentials.class.getResourceAsStream("edge.creds")) {
            sound = Objects.requireNonNull(in).readAllBytes();
        }
        Path file = directory.resolve("x.creds");

        onlyOurErrors(200, sound, bytes -> {
            try {
                file("x.creds", bytes);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
            Credentials.read(file).close();
        });
        String jwt = new String(sound, ISO_8859_1).lines().skip(1).findFirst().orElseThrow();
        onlyOurErrors(
                1_000,
                jwt.getBytes(ISO_8859_1),
                bytes -> Jwt.parse(new String(bytes, ISO_8859_1), "x").signatureVerifies());
    }

    @Test
    void tlsFiles() throws IOException {
        TestCertificates.Issued issued = new TestCertificates("CA").issue("CN=x");
        byte[] certificate = TestCertificates.pem(issued.certificate()).getBytes(ISO_8859_1);
        byte[] key = TestCertificates.pem(issued.key().getPrivate()).getBytes(ISO_8859_1);
        TlsFiles files = new TlsFiles(file("x.crt", certificate), file("x.key", key), directory.resolve("x.crt"));

        for (String name : new String[] {"x.crt", "x.key"}) {
            onlyOurErrors(100, name.equals("x.crt") ? certificate : key, bytes -> {
                try {
                    file("x.crt", certificate);
                    file("x.key", key);
                    file(name, bytes);
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
                TlsMaterial.server(files, true);
            });
        }
    }
}
