package io.leafd.packaging;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Takes the symbols that nobody links against out of programs and libraries, where the machine of the build has {@code strip}
 * of binutils. Without it the package is some megabytes larger and works the same.
 */
final class Strip {
    private static final byte[] ELF = {0x7f, 'E', 'L', 'F'};

    private Strip() {}

    /** Strips every ELF file below a directory. */
    static void all(Path directory) throws IOException {
        List<String> command = new ArrayList<>(List.of("strip", "--strip-unneeded"));
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                if (isElf(file)) {
                    command.add(file.toString());
                }
            }
        }
        Process strip;
        try {
            strip = new ProcessBuilder(command).inheritIO().start();
        } catch (IOException e) {
            System.err.println("leafd packaging: no \"strip\" on this machine, native files keep their symbols");
            return;
        }
        try {
            if (strip.waitFor() != 0) {
                throw new IOException("strip failed with exit code " + strip.exitValue());
            }
        } catch (InterruptedException e) {
            strip.destroy();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static boolean isElf(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return Arrays.equals(in.readNBytes(ELF.length), ELF);
        }
    }
}
