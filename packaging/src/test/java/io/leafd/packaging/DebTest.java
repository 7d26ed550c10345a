package io.leafd.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DebTest {
    private static final Instant TIMESTAMP = Instant.parse("2026-11-21T00:00:00Z");

    @TempDir
    private Path directory;

    private Path tree(String name, Instant modified) throws IOException {
        Path tree = directory.resolve(name);
        Files.createDirectories(tree.resolve("usr/bin"));
        Path tool = Files.writeString(tree.resolve("usr/bin/tool"), "#!/bin/sh\n");
        assertThat(tool.toFile().setExecutable(true)).isTrue();
        Files.setLastModifiedTime(tool, FileTime.from(modified));
        Files.writeString(tree.resolve("usr/readme"), "text\n");
        Files.createSymbolicLink(tree.resolve("usr/bin/alias"), Path.of("tool"));
        return tree;
    }

    private Path deb(Path tree, String name) throws IOException {
        Path control = Files.createDirectories(directory.resolve("control"));
        Files.writeString(control.resolve("control"), "Package: tool\nInstalled-Size: [[installed-size]]\nA: [[a]]\n");
        Files.writeString(control.resolve("postinst"), "#!/bin/sh\n");
        Path file = directory.resolve(name);
        new Deb(tree, TIMESTAMP).write(file, control, Map.of("a", "b"));
        return file;
    }

    @Test
    void theSameTreeMakesTheSameBytes() throws IOException {
        Path one = deb(tree("one", Instant.EPOCH), "one.deb");
        Path two = deb(tree("two", Instant.now()), "two.deb");
        assertThat(two).hasSameBinaryContentAs(one);
        assertThat(directory.resolve("data.tar.xz")).doesNotExist();
    }

    @Test
    void holdsModesLinksAndCountedSizes() throws IOException {
        UnpackedDeb deb = UnpackedDeb.read(deb(tree("tree", Instant.EPOCH), "tool.deb"));
        assertThat(deb.data().keySet())
                .containsExactly("./", "./usr/", "./usr/bin/", "./usr/bin/alias", "./usr/bin/tool", "./usr/readme");
        assertThat(deb.member("./usr/bin/alias").entry().getLinkName()).isEqualTo("tool");
        assertThat(deb.member("./usr/bin/tool").entry().getMode() & 0777).isEqualTo(0755);
        assertThat(deb.member("./usr/readme").entry().getMode() & 0777).isEqualTo(0644);
        assertThat(deb.member("./postinst").entry().getMode() & 0777).isEqualTo(0755);
        assertThat(deb.text("./control")).isEqualTo("Package: tool\nInstalled-Size: 5\nA: b\n");
        assertThat(deb.text("./md5sums"))
                .isEqualTo(
                        "3e2b31c72181b87149ff995e7202c0e3  usr/bin/tool\ne1cbb0c3879af8347246f12c559a86b5  usr/readme\n");
    }
}
