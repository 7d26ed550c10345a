package io.leafd.app.cli;

import io.leafd.app.config.schema.Spelling;
import io.leafd.security.nkey.NkeySeed;
import io.leafd.security.nkey.NkeyType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** {@code leafd nkey}. */
@Command(
        name = "nkey",
        description = "Makes NKEYs, and prints the public key of a seed.",
        subcommands = {NkeyCommand.Gen.class, NkeyCommand.Inspect.class})
final class NkeyCommand extends Verb {
    @Option(names = "--public", paramLabel = "FILE", description = "Print the public key of the seed in this file.")
    private @Nullable Path file;

    @Override
    public Integer call() {
        if (file == null) {
            throw new ParameterException(
                    spec().commandLine(), "say what to do: leafd nkey gen, or leafd nkey inspect FILE");
        }
        return inspect(terminal(), file);
    }

    /** {@code leafd nkey gen}. */
    @Command(
            name = "gen",
            description =
                    "Makes a key. The seed goes to standard output or, better, into a new file of mode 0600; the public"
                            + " key is what the other side is told.")
    static final class Gen extends Verb {
        private static final List<String> TYPES = List.of("user", "account", "server", "cluster", "operator");

        @Parameters(
                paramLabel = "TYPE",
                arity = "0..1",
                defaultValue = "user",
                description = "user (default), account, server, cluster or operator.")
        private String type = "user";

        @Option(names = "--out", paramLabel = "FILE", description = "Write the seed to this new file.")
        private @Nullable Path file;

        @Override
        public Integer call() throws IOException {
            if (!TYPES.contains(type)) {
                throw new ParameterException(
                        spec().commandLine(),
                        "there are no keys of type \"" + type + "\"" + Spelling.hint(type, TYPES) + " ("
                                + String.join(", ", TYPES) + ")");
            }
            try (NkeySeed seed =
                    NkeySeed.generate(NkeyType.valueOf(type.toUpperCase(Locale.ROOT)), new SecureRandom())) {
                byte[] text = seed.text();
                if (file == null) {
                    terminal().out().write(text, 0, text.length);
                    terminal().out().println();
                    terminal().err().println("public key: " + seed.nkey().text());
                } else {
                    write(file, text);
                    terminal().out().println(seed.nkey().text());
                }
                Arrays.fill(text, (byte) 0);
            }
            return Cli.OK;
        }

        private static void write(Path file, byte[] seed) throws IOException {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            byte[] line = Arrays.copyOf(seed, seed.length + 1);
            line[seed.length] = '\n';
            Files.write(file, line, StandardOpenOption.WRITE);
            Arrays.fill(line, (byte) 0);
        }
    }

    /** {@code leafd nkey inspect}. */
    @Command(name = "inspect", description = "Prints the public key of the seed in a file.")
    static final class Inspect extends Verb {
        @Parameters(paramLabel = "FILE", description = "A file with a seed, or a .creds file.")
        @SuppressWarnings("NullAway.Init") // picocli sets it
        private Path file;

        @Override
        public Integer call() {
            return inspect(terminal(), file);
        }
    }

    private static int inspect(Terminal terminal, Path file) {
        try (NkeySeed seed = NkeySeed.read(file)) {
            terminal.out().println(seed.nkey().text());
        }
        return Cli.OK;
    }
}
