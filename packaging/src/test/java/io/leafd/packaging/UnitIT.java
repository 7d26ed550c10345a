package io.leafd.packaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service's unit, as systemd itself judges it. */
class UnitIT {
    /** {@code systemd-analyze} counts in tenths from 0, nothing is exposed, to 100. */
    private static final int EXPOSURE_MAX = 15;

    @Test
    void exposesLittle(@TempDir Path directory) throws IOException, InterruptedException {
        boolean there = Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
                .anyMatch(bin -> Files.isExecutable(Path.of(bin, "systemd-analyze")));
        assumeThat(there).as("systemd-analyze on this machine").isTrue();
        String unit = UnpackedDeb.built().text("./usr/lib/systemd/system/leafd.service");
        Path file = Files.writeString(directory.resolve("leafd.service"), unit);
        Process analysis = new ProcessBuilder(
                        "systemd-analyze",
                        "security",
                        "--offline=true",
                        "--threshold=" + EXPOSURE_MAX,
                        "--no-pager",
                        file.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(analysis.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(analysis.waitFor()).as(said).isZero();
    }
}
