package io.leafd.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.protocol.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is in the package, and what is not. */
class PackageContentsIT {
    private static final String LIB = "./usr/lib/leafd/lib/";
    private static final long MAX_BYTES = 35L << 20;
    /** Every jar by its name without the version. Whoever adds one says why in the commit. */
    private static final List<String> JARS = List.of(
            "bcprov-jdk18on",
            "eddsa",
            "jackson-core",
            "jspecify",
            "leafd-app",
            "leafd-broker",
            "leafd-http",
            "leafd-jetstream",
            "leafd-protocol",
            "leafd-security",
            "leafd-store",
            "leafd-systemd",
            "leafd-upstream-link",
            "netty-buffer",
            "netty-codec-base",
            "netty-codec-compression",
            "netty-codec-http",
            "netty-common",
            "netty-handler",
            "netty-resolver",
            "netty-transport",
            "netty-transport-classes-epoll",
            "netty-transport-native-unix-common",
            "picocli",
            "rocksdbjni",
            "slf4j-api",
            "tomlj");

    private final UnpackedDeb deb = UnpackedDeb.built();

    private List<String> namesIn(String directory, String suffix) {
        return deb.data().keySet().stream()
                .filter(name -> name.startsWith(directory) && name.endsWith(suffix))
                .map(name -> name.substring(directory.length()))
                .sorted()
                .toList();
    }

    @Test
    void isADebianPackageOfBoundedSize() throws IOException {
        assertThat(deb.parts()).containsExactly("debian-binary", "control.tar.xz", "data.tar.xz");
        assertThat(Files.size(UnpackedDeb.FILE)).isLessThan(MAX_BYTES);
        assertThat(deb.text("./control"))
                .contains("Package: leafd\n", "Maintainer: ", "Description: ")
                .doesNotContain("[[")
                .contains("Architecture: " + (machine() == 62 ? "amd64" : "arm64"));
    }

    @Test
    void carriesExactlyTheseJars() {
        assertThat(namesIn(LIB, ".jar").stream()
                        .map(jar -> jar.replaceFirst("-\\d.*", ""))
                        .toList())
                .containsExactlyElementsOf(JARS);
        assertThat(deb.text(LIB + "classpath").lines().sorted().toList()).isEqualTo(namesIn(LIB, ".jar"));
    }

    @Test
    void carriesNativeCodeOfThisMachineOnly() {
        assertThat(namesIn(LIB, ".so")).hasSize(2);
        List<String> elf = new ArrayList<>();
        deb.data().forEach((name, member) -> {
            byte[] bytes = member.content();
            if (bytes.length > 20 && bytes[0] == 0x7f && bytes[1] == 'E' && bytes[2] == 'L' && bytes[3] == 'F') {
                elf.add(name);
                assertThat(bytes[18] & 0xff | (bytes[19] & 0xff) << 8)
                        .as("machine of " + name)
                        .isEqualTo(machine());
            }
        });
        assertThat(elf)
                .contains("./usr/lib/leafd/runtime/bin/java", "./usr/lib/leafd/runtime/lib/server/libjvm.so")
                .containsAll(namesIn("", ".so"));
    }

    /** {@code e_machine} of ELF. */
    private static int machine() {
        return System.getProperty("os.arch").equals("aarch64") ? 183 : 62;
    }

    @Test
    void everythingBelongsToRootAndHasTheTimeOfTheBuild() {
        Instant timestamp = Instant.parse(System.getProperty("leafd.timestamp"));
        deb.data().forEach((name, member) -> {
            assertThat(member.entry().getUserName() + ":" + member.entry().getGroupName())
                    .as(name)
                    .isEqualTo("root:root");
            assertThat(member.entry().getLastModifiedTime().toInstant())
                    .as(name)
                    .isEqualTo(timestamp);
            boolean executable = member.entry().isDirectory()
                    || name.matches("./usr/lib/leafd/(bin/leafd|runtime/bin/.*|runtime/lib/(jexec|jspawnhelper))");
            if (!member.entry().isSymbolicLink()) {
                assertThat(member.entry().getMode() & 0777).as(name).isEqualTo(executable ? 0755 : 0644);
            }
        });
        assertThat(deb.member("./usr/bin/leafd").entry().getLinkName()).isEqualTo("../lib/leafd/bin/leafd");
    }

    @Test
    void theOnlyConffileIsTheCommentedFile() throws IOException {
        assertThat(deb.text("./conffiles")).isEqualTo("/etc/leafd/leafd.toml\n");
        // that this file is what DefaultFile writes is tested where DefaultFile is
        assertThat(deb.text("./etc/leafd/leafd.toml")).isEqualTo(Files.readString(Path.of("src/main/deb/leafd.toml")));
    }

    @Test
    void theDigestsAreThoseOfTheFiles() throws NoSuchAlgorithmException {
        MessageDigest md5 = MessageDigest.getInstance("MD5");
        Map<String, String> actual = new TreeMap<>();
        deb.data().forEach((name, member) -> {
            if (member.isFile()) {
                actual.put(name.substring(2), HexFormat.of().formatHex(md5.digest(member.content())));
            }
        });
        Map<String, String> listed = new TreeMap<>();
        deb.text("./md5sums").lines().forEach(line -> listed.put(line.substring(34), line.substring(0, 32)));
        assertThat(listed).isEqualTo(actual);
    }

    @Test
    void theListOfMaterialsNamesEveryLibraryAndNothingElse() throws NoSuchAlgorithmException {
        Map<?, ?> bom = Json.parseObject(
                deb.text("./usr/share/doc/leafd/leafd.cdx.json").getBytes(StandardCharsets.UTF_8));
        Map<String, String> listed = new TreeMap<>();
        for (Object component : list(bom.get("components"))) {
            Map<?, ?> tree = (Map<?, ?>) component;
            assertThat(list(tree.get("licenses")))
                    .as("licence of " + tree.get("name"))
                    .hasSize(1);
            List<?> properties = list(tree.get("properties"));
            for (int i = 0; i < properties.size(); i += 2) {
                listed.put(value(properties.get(i)), value(properties.get(i + 1)));
            }
        }
        var installed = new TreeSet<String>();
        namesIn(LIB, ".jar").forEach(name -> installed.add(LIB.substring(2) + name));
        namesIn(LIB, ".so").forEach(name -> installed.add(LIB.substring(2) + name));
        installed.add("usr/lib/leafd/runtime/lib/modules");
        installed.add("usr/lib/leafd/runtime/lib/server/libjvm.so");
        assertThat(listed.keySet()).isEqualTo(installed);
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        listed.forEach((name, digest) -> assertThat(HexFormat.of()
                        .formatHex(sha256.digest(deb.member("./" + name).content())))
                .as(name)
                .isEqualTo(digest));
    }

    private static List<?> list(@Nullable Object value) {
        return value instanceof List<?> items ? items : List.of();
    }

    private static String value(Object property) {
        return String.valueOf(((Map<?, ?>) property).get("value"));
    }

    @Test
    void noTextNamesTheMachineOfTheBuild() {
        String top = Path.of("..").toAbsolutePath().normalize().toString();
        deb.data().forEach((name, member) -> {
            if (member.content().length < 1 << 20) {
                assertThat(new String(member.content(), StandardCharsets.ISO_8859_1))
                        .as(name)
                        .doesNotContain(top);
            }
        });
    }

    @Test
    void bashCompletesEveryCommand() {
        assertThat(deb.text("./usr/share/bash-completion/completions/leafd"))
                .contains("streams", "self-test", "--config", "complete -F");
    }
}
