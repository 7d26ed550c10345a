package io.leafd.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReproducibleIT {
    /** The files are made anew, elsewhere; that the same files make the same archive is tested by {@link DebTest}. */
    @Test
    void theSameInputMakesTheSameFiles(@TempDir Path directory) throws IOException {
        Path target = UnpackedDeb.FILE.resolveSibling(".");
        Instant timestamp = Instant.parse(System.getProperty("leafd.timestamp"));
        Path again = directory.resolve("again");
        Artefact product = Artefact.readTree(target.resolve("dependencies.json"));
        new Stage(Path.of("..").toAbsolutePath().normalize(), again).fill(target.resolve("jars"), product, timestamp);

        for (UnpackedDeb.Member member : UnpackedDeb.built().data().values()) {
            if (member.isFile()) {
                Path file = again.resolve(member.entry().getName());
                assertThat(Files.readAllBytes(file))
                        .as(member.entry().getName())
                        .isEqualTo(member.content());
            }
        }
    }
}
